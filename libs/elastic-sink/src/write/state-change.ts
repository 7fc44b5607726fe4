import { ERROR_CATALOGUE, LockstepError, type ErrorCode } from '@lockstep/core';
import type { WaitBoard } from './wait-board.js';

export interface StateRun {
  readonly signal: AbortSignal;
  readonly board: WaitBoard;
}

/**
 * Changes documents of our own state until all of it is acknowledged, and waits through what passes by itself.
 * @param once tries to change the items and returns those that have to be tried again at once
 * @throws LockstepError JOB_ABORTED, or what does not pass by itself
 */
export async function changeState<T>(
  items: readonly T[],
  once: (items: readonly T[]) => Promise<readonly T[]>,
  run: StateRun,
): Promise<void> {
  const waiter = {};
  let pending = items;
  try {
    for (let attempt = 1; pending.length > 0; attempt++) {
      try {
        pending = await once(pending);
      } catch (error) {
        await run.board.wait(
          waiter,
          { kind: 'retry', code: passingCode(error), retryAfterMs: null },
          attempt,
          run.signal,
        );
      }
    }
  } finally {
    run.board.going(waiter);
  }
}

/** What the status of a refused item of our own means. */
export function stateItemCode(status: number): ErrorCode {
  if (status === 429) return 'SINK_THROTTLED';
  if (status === 403) return 'SINK_READ_ONLY';
  return status >= 500 ? 'SINK_REQUEST_FAILED' : 'SINK_REQUEST_REFUSED';
}

/** The code to wait with; throws what does not pass by itself. */
function passingCode(error: unknown): ErrorCode {
  if (!(error instanceof LockstepError)) throw error;
  const { retry } = ERROR_CATALOGUE[error.code];
  if (retry !== 'transient' && retry !== 'throttled') throw error;
  return error.code;
}
