import { LockstepError } from './lockstep-error.js';

const MAX_DEPTH = 5;

/**
 * What stands behind an error, for the operator's log: names and codes of the causes, never their messages,
 * which can hold hosts, values or document content. An error that nobody classified is a bug of ours: its
 * stack is told instead.
 * @returns null when there is nothing behind it
 */
export function describeCause(error: LockstepError): string | null {
  const parts: string[] = [];
  let cause: unknown = error.cause;
  for (let depth = 0; depth < MAX_DEPTH && cause instanceof Error; depth += 1) {
    if (error.code === 'INTERNAL_ERROR' && cause.stack !== undefined) parts.push(cause.stack);
    else parts.push([cause.name, ...codesOf(cause)].join(' '));
    cause = cause.cause;
  }
  return parts.length === 0 ? null : parts.join(' ← ');
}

/** Codes that drivers and clients put on their errors. */
function codesOf(error: Error): string[] {
  const fields = error as {
    code?: unknown;
    codeName?: unknown;
    status?: unknown;
    errorType?: unknown;
    syscall?: unknown;
  };
  return [fields.code, fields.codeName, fields.status, fields.errorType, fields.syscall]
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String);
}
