import { MongoServerError } from 'mongodb';
import { ERROR_CATALOGUE, LockstepError } from '@lockstep/core';
import { errorCodeOfDriverError } from './driver-error-table.js';
import { errorCodeOfServerCode, type CommandPurpose } from './server-code-table.js';

export interface ErrorContext {
  /** What was being done, beginning with a gerund: `opening change stream`. */
  readonly doing: string;
  readonly purpose?: CommandPurpose;
}

/**
 * The coded error for whatever the driver threw. The driver's own message can quote the query or the
 * host's configuration: it stays in `cause` and never reaches the message.
 */
export function classifySourceError(error: unknown, context: ErrorContext): LockstepError {
  if (error instanceof LockstepError) return error;
  if (error instanceof MongoServerError) {
    const number = Number(error.code);
    const code = errorCodeOfServerCode(number, context.purpose ?? 'plain');
    const detail = `server code ${Number.isNaN(number) ? 'unknown' : number}`;
    return new LockstepError(code, `${context.doing}: ${ERROR_CATALOGUE[code].title} (${detail})`, { cause: error });
  }
  const code = errorCodeOfDriverError(error) ?? 'SOURCE_READ_FAILED';
  return new LockstepError(code, `${context.doing}: ${ERROR_CATALOGUE[code].title}`, { cause: error });
}
