import { LockstepError } from '@lockstep/core';

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

/** The fields of a log line, errors reduced to what may be shown. */
export function loggable(fields: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    result[key] = value instanceof Error ? loggableError(value) : value;
  }
  return result;
}
