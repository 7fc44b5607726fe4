import { LockstepError } from '@lockstep/core';
import { Findings } from '../input/findings.js';
import { InputObject, isRecord } from '../input/input-object.js';
import { jsonLimitProblem } from '../input/json-limits.js';
import type { ConfigEntryInput } from './config-entry.js';

const VALUE_LIMITS = { maxDepth: 50, maxBytes: 64 * 1024 };
const FORMS = ['value', 'secret', 'sealed'] as const;

/**
 * Checks the body of a config entry: exactly one of `value`, `secret`, `sealed`.
 * @throws LockstepError API_REQUEST_MALFORMED, API_FIELD_UNKNOWN, API_REQUEST_INVALID
 */
export function parseEntryInput(body: unknown): ConfigEntryInput {
  if (!isRecord(body)) throw new LockstepError('API_REQUEST_MALFORMED', 'The body must be a JSON object');
  const findings = new Findings();
  const input = InputObject.read(body, FORMS, { pointer: '', findings });
  const forms = FORMS.filter((form) => Object.hasOwn(body, form));
  if (forms.length !== 1) findings.add('', 'must have exactly one of value, secret, sealed');
  const problem = forms.includes('value') ? jsonLimitProblem(body.value, VALUE_LIMITS) : null;
  if (problem !== null) findings.add('/value', problem);
  const secret = forms.includes('secret') ? input?.requiredText('secret', { maxLength: 16_384 }) : undefined;
  const sealed = forms.includes('sealed') ? input?.requiredText('sealed', { maxLength: 64 * 1024 }) : undefined;
  findings.throwIfAny();
  if (secret !== undefined) return { secret };
  return sealed === undefined ? { value: body.value } : { sealed };
}
