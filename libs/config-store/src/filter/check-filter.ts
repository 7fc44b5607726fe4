import { pointerTo, type Findings } from '../input/findings.js';
import { isRecord } from '../input/input-object.js';
import { jsonLimitProblem } from '../input/json-limits.js';
import { checkExpression } from './check-expression.js';
import { extendedValueProblem, numberProblem } from './extended-value.js';
import { FIELD_OPERATORS, LOGICAL_OPERATORS, VALUE_WRAPPERS, type OperandRule } from './filter-operators.js';

const FILTER_LIMITS = { maxDepth: 20, maxBytes: 32 * 1024 };
const MAX_REGEX_LENGTH = 1_000;
const MAX_FIELD_LENGTH = 1_000;

const isOperator = (key: string): boolean => key.startsWith('$');

const isValueWrapper = (value: Record<string, unknown>): boolean =>
  VALUE_WRAPPERS.includes(Object.keys(value)[0] ?? '');

/** Checks the operator allow-list of a MongoDB filter in Extended JSON, its depth and its size. */
export function checkFilter(filter: unknown, pointer: string, findings: Findings): filter is Record<string, unknown> {
  if (!isRecord(filter)) {
    findings.add(pointer, 'must be an object');
    return false;
  }
  const problem = jsonLimitProblem(filter, FILTER_LIMITS);
  if (problem !== null) {
    findings.add(pointer, problem);
    return false;
  }
  checkQuery(filter, pointer, findings);
  return true;
}

/** A query document: fields and logical operators. */
function checkQuery(query: unknown, pointer: string, findings: Findings): void {
  if (!isRecord(query)) {
    findings.add(pointer, 'must be an object');
    return;
  }
  for (const [key, value] of Object.entries(query)) {
    const at = pointerTo(pointer, key);
    if (LOGICAL_OPERATORS.includes(key)) checkList(value, at, { findings, checkItem: checkQuery });
    else if (key === '$expr') checkExpression(value, at, findings);
    else if (isOperator(key)) findings.add(at, 'is an operator that is not accepted in a filter');
    else checkField(key, value, { pointer: at, findings });
  }
}

interface Place {
  readonly pointer: string;
  readonly findings: Findings;
}

function checkField(name: string, value: unknown, { pointer, findings }: Place): void {
  if (name === '' || name.length > MAX_FIELD_LENGTH || name.includes('\0')) {
    findings.add(pointer, 'is not a field name');
  } else if (isRecord(value) && Object.keys(value).some(isOperator) && !isValueWrapper(value)) {
    checkOperators(value, pointer, findings);
  } else {
    checkValue(value, pointer, findings);
  }
}

function checkOperators(value: unknown, pointer: string, findings: Findings): void {
  if (!isRecord(value) || Object.keys(value).length === 0) {
    findings.add(pointer, 'must be an object of operators');
    return;
  }
  for (const [key, operand] of Object.entries(value)) {
    const at = pointerTo(pointer, key);
    const rule = Object.hasOwn(FIELD_OPERATORS, key) ? FIELD_OPERATORS[key] : undefined;
    if (rule === undefined) findings.add(at, 'is an operator that is not accepted in a filter');
    else checkOperand(rule, operand, { pointer: at, findings });
  }
  if (Object.hasOwn(value, '$options') && !Object.hasOwn(value, '$regex')) {
    findings.add(pointerTo(pointer, '$options'), 'needs $regex beside it');
  }
}

const isInteger = (value: unknown): boolean => Number.isSafeInteger(value);
const isTypeName = (value: unknown): boolean =>
  isInteger(value) || (typeof value === 'string' && /^[a-zA-Z]{1,32}$/.test(value));
const isRegexText = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= MAX_REGEX_LENGTH && !value.includes('\0');
const isRegexOptions = (value: unknown): boolean => typeof value === 'string' && /^[imsux]{0,5}$/.test(value);

function checkOperand(rule: OperandRule, value: unknown, place: Place): void {
  const { pointer, findings } = place;
  const expect = (isRight: boolean, what: string): void => {
    if (!isRight) findings.add(pointer, `must be ${what}`);
  };
  switch (rule) {
    case 'value':
      checkValue(value, pointer, findings);
      return;
    case 'values':
      checkList(value, pointer, { findings, checkItem: checkValue });
      return;
    case 'elementMatch':
      if (isRecord(value) && Object.keys(value).some((key) => Object.hasOwn(FIELD_OPERATORS, key))) {
        checkOperators(value, pointer, findings);
      } else checkQuery(value, pointer, findings);
      return;
    case 'operators':
      if (isRecord(value) && isValueWrapper(value)) checkValue(value, pointer, findings);
      else checkOperators(value, pointer, findings);
      return;
    case 'boolean':
      expect(typeof value === 'boolean', 'true or false');
      return;
    case 'integer':
      expect(isInteger(value), 'a whole number');
      return;
    case 'type':
      expect(
        isTypeName(value) || (Array.isArray(value) && value.length > 0 && value.every(isTypeName)),
        'type names or numbers',
      );
      return;
    case 'mod':
      expect(
        Array.isArray(value) && value.length === 2 && value.every(isInteger) && value[0] !== 0,
        'divisor and remainder',
      );
      return;
    case 'regex':
      expect(isRegexText(value), `a text of at most ${String(MAX_REGEX_LENGTH)} characters`);
      return;
    case 'regexOptions':
      expect(isRegexOptions(value), 'letters of i, m, s, u, x');
      return;
  }
}

interface ListCheck {
  readonly findings: Findings;
  readonly checkItem: (item: unknown, pointer: string, findings: Findings) => void;
}

function checkList(value: unknown, pointer: string, { findings, checkItem }: ListCheck): void {
  if (!Array.isArray(value) || value.length === 0) {
    findings.add(pointer, 'must be a list with at least one item');
    return;
  }
  for (const [i, item] of (value as readonly unknown[]).entries()) checkItem(item, pointerTo(pointer, i), findings);
}

function checkRegularExpression(value: unknown, pointer: string, findings: Findings): void {
  if (isRecord(value) && isRegexText(value.pattern) && isRegexOptions(value.options ?? '')) return;
  findings.add(pointer, `must be {pattern, options} of at most ${String(MAX_REGEX_LENGTH)} characters`);
}

function checkWrapper(value: Record<string, unknown>, pointer: string, findings: Findings): void {
  const [[name, content] = ['', null], ...others] = Object.entries(value);
  if (others.length > 0) findings.add(pointer, 'is not one Extended JSON value');
  else findings.addProblem(pointerTo(pointer, name), extendedValueProblem(name, content));
}

/** A literal value: no operator at any depth. */
function checkValue(value: unknown, pointer: string, findings: Findings): void {
  if (typeof value === 'number') {
    findings.addProblem(pointer, numberProblem(value));
  } else if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly unknown[]).entries()) checkValue(item, pointerTo(pointer, i), findings);
  } else if (isRecord(value)) {
    if (Object.hasOwn(value, '$regularExpression')) {
      checkRegularExpression(value.$regularExpression, pointerTo(pointer, '$regularExpression'), findings);
    } else if (isValueWrapper(value)) {
      checkWrapper(value, pointer, findings);
    } else {
      for (const [key, item] of Object.entries(value)) {
        const at = pointerTo(pointer, key);
        if (isOperator(key)) findings.add(at, 'is an operator that is not accepted inside a value');
        else checkValue(item, at, findings);
      }
    }
  }
}
