import { ERROR_CATALOGUE, type ErrorCode } from './error-catalogue.js';
import type { ErrorDefinition } from './error-definition.js';

/** One field-level finding, as in the `errors` member of a problem+json body. */
export interface FieldError {
  /** JSON pointer of the field, e.g. `/source/uri`. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

export interface LockstepErrorOptions {
  readonly cause?: unknown;
  /** Field-level findings. They never carry secret values. */
  readonly fields?: readonly FieldError[];
  /** When to try again, in milliseconds, where the other side said so. */
  readonly retryAfterMs?: number;
}

/**
 * The one error class of Lockstep. `message` is shown to operators: it names things, never secret
 * values or document content.
 */
export class LockstepError extends Error {
  override readonly name = 'LockstepError';
  readonly code: ErrorCode;
  readonly fields: readonly FieldError[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message?: string, options: LockstepErrorOptions = {}) {
    super(message ?? ERROR_CATALOGUE[code].title, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }

  get definition(): ErrorDefinition {
    return ERROR_CATALOGUE[this.code];
  }
}

/** Returns the error as it is when it is ours, else wrapped under `fallback` with the cause kept. */
export function asLockstepError(error: unknown, fallback: ErrorCode = 'INTERNAL_ERROR'): LockstepError {
  return error instanceof LockstepError ? error : new LockstepError(fallback, undefined, { cause: error });
}

export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is LockstepError {
  return error instanceof LockstepError && codes.includes(error.code);
}
