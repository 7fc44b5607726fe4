import { LockstepError } from '@lockstep/core';
import { REDACTED } from '../redaction/redact-text.js';

const SECRET_KEY = /(?:password|passphrase|secret|api_?key|authorization|token|private_?key|jwe)$/i;
const MAX_DEPTH = 6;

/** What of an error goes into a log line: no other fields, as clients hang requests with bodies on theirs. */
export function loggableError(error: Error, depth = 0): Record<string, unknown> {
  const cause = error.cause instanceof Error && depth < MAX_DEPTH ? loggableError(error.cause, depth + 1) : undefined;
  return {
    type: error.name,
    ...(error instanceof LockstepError ? { code: error.code } : {}),
    message: error.message,
    stack: error.stack,
    ...(cause === undefined ? {} : { cause }),
  };
}

/**
 * The fields of a log line with secrets taken out by the name of their key, and errors reduced to what
 * may be shown. Secrets inside texts are taken out of the finished line.
 */
export function loggable(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) result[key] = loggableValue(key, value, depth);
  return result;
}

function loggableValue(key: string, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return SECRET_KEY.test(key) ? REDACTED : value;
  if (value instanceof Error) return loggableError(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item) => loggableValue(key, item, depth + 1));
  return loggable(value as Record<string, unknown>, depth + 1);
}
