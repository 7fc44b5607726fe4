import { pointerTo, type Findings } from '../input/findings.js';
import { isRecord } from '../input/input-object.js';
import { extendedValueProblem, numberProblem } from './extended-value.js';
import { EXPRESSION_OPERATORS, EXPRESSION_VARIABLES, VALUE_WRAPPERS } from './filter-operators.js';

function checkPath(text: string, pointer: string, findings: Findings): void {
  if (!text.startsWith('$$')) return;
  const variable = text.split('.', 1)[0] ?? '';
  if (!EXPRESSION_VARIABLES.includes(variable))
    findings.add(pointer, 'uses a variable that is not accepted in a filter');
}

/** Whatever stands in a literal is no operator; only values of Extended JSON are read. */
function checkLiteral(value: unknown, pointer: string, findings: Findings): void {
  if (typeof value === 'number') findings.addProblem(pointer, numberProblem(value));
  if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly unknown[]).entries())
      checkLiteral(item, pointerTo(pointer, i), findings);
  } else if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      findings.addProblem(pointerTo(pointer, key), extendedValueProblem(key, item));
      if (!VALUE_WRAPPERS.includes(key)) checkLiteral(item, pointerTo(pointer, key), findings);
    }
  }
}

/** Checks the operand of `$expr`: allow-listed operators at every depth. */
export function checkExpression(value: unknown, pointer: string, findings: Findings): void {
  if (typeof value === 'string') {
    checkPath(value, pointer, findings);
  } else if (typeof value === 'number') {
    findings.addProblem(pointer, numberProblem(value));
  } else if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly unknown[]).entries())
      checkExpression(item, pointerTo(pointer, i), findings);
  } else if (isRecord(value)) {
    const keys = Object.keys(value);
    const [wrapper = ''] = keys;
    if (keys.length === 1 && VALUE_WRAPPERS.includes(wrapper)) {
      findings.addProblem(pointerTo(pointer, wrapper), extendedValueProblem(wrapper, value[wrapper]));
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      const at = pointerTo(pointer, key);
      if (key.startsWith('$') && !EXPRESSION_OPERATORS.includes(key)) {
        findings.add(at, 'is an operator that is not accepted in $expr of a filter');
      } else if (key === '$literal') {
        checkLiteral(item, at, findings);
      } else {
        checkExpression(item, at, findings);
      }
    }
  }
}
