import { pointerTo, type Findings } from '../input/findings.js';
import { isRecord } from '../input/input-object.js';
import { EXPRESSION_OPERATORS, EXPRESSION_VARIABLES, VALUE_WRAPPERS } from './filter-operators.js';

function checkPath(text: string, pointer: string, findings: Findings): void {
  if (!text.startsWith('$$')) return;
  const variable = text.split('.', 1)[0] ?? '';
  if (!EXPRESSION_VARIABLES.includes(variable))
    findings.add(pointer, 'uses a variable that is not accepted in a filter');
}

/** Checks the operand of `$expr`: allow-listed operators at every depth. */
export function checkExpression(value: unknown, pointer: string, findings: Findings): void {
  if (typeof value === 'string') {
    checkPath(value, pointer, findings);
  } else if (Array.isArray(value)) {
    for (const [i, item] of (value as readonly unknown[]).entries())
      checkExpression(item, pointerTo(pointer, i), findings);
  } else if (isRecord(value)) {
    const keys = Object.keys(value);
    if (keys.length === 1 && VALUE_WRAPPERS.includes(keys[0] ?? '')) return;
    for (const [key, item] of Object.entries(value)) {
      const at = pointerTo(pointer, key);
      if (key.startsWith('$') && !EXPRESSION_OPERATORS.includes(key)) {
        findings.add(at, 'is an operator that is not accepted in $expr of a filter');
      } else if (key !== '$literal') {
        checkExpression(item, at, findings);
      }
    }
  }
}
