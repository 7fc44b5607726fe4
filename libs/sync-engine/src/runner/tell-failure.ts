import type { Clock, LockstepError } from '@lockstep/core';
import type { Condition } from '@lockstep/contracts';
import { conditionOf, type StatusBoard } from './status-board.js';

/** Shows why there is no session now. */
export function tellFailure(
  { status, clock }: { readonly status: StatusBoard; readonly clock: Clock },
  reason: string,
  error: LockstepError,
): Condition {
  const condition = conditionOf(reason, error.code, error.message, clock.nowMs());
  status.set('session', [condition]);
  return condition;
}
