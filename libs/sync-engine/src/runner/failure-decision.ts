import { backoffDelayMs, type BackoffOptions, type LockstepError } from '@lockstep/core';

/** What a failed session leads to. */
export type FailureDecision =
  /** Goes on by itself after the delay. */
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** A person is needed. The jobs fail; it is tried again now and then, or as soon as something is changed. */
  | { readonly kind: 'fail'; readonly delayMs: number }
  /** Only a resync helps. */
  | { readonly kind: 'resyncRequired' }
  /** Another worker has the partition, or we were told to stop. */
  | { readonly kind: 'leave' };

/** One that is answered: whoever leaves answers nothing. */
export type AnsweredFailure = Exclude<FailureDecision, { readonly kind: 'leave' }>;

const TRANSIENT_BACKOFF: BackoffOptions = { baseMs: 500, maxMs: 30_000 };

/** Long enough that wrong credentials never lock an account. */
export const PERMANENT_RETRY_MS = 120_000;

/**
 * @param attempt failures in a row, from 1
 * @param random a number in [0, 1)
 */
export function decideFailure(error: LockstepError, attempt: number, random = Math.random()): FailureDecision {
  if (error.code === 'JOB_LEASE_LOST') return { kind: 'leave' };
  // A cursor that the server closed is reopened at once from the checkpoint, once.
  if (error.code === 'SOURCE_CURSOR_LOST' && attempt === 1) return { kind: 'retry', delayMs: 0 };
  switch (error.definition.retry) {
    case 'transient':
    case 'throttled':
      return { kind: 'retry', delayMs: error.retryAfterMs ?? backoffDelayMs(attempt, TRANSIENT_BACKOFF, random) };
    case 'positionLost':
      return { kind: 'resyncRequired' };
    case 'aborted':
      return { kind: 'leave' };
    case 'permanent':
    case 'poison':
    case 'bug':
      return { kind: 'fail', delayMs: PERMANENT_RETRY_MS };
  }
}
