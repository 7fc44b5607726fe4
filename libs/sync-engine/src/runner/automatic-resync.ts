import type { ErrorCode } from '@lockstep/core';
import type { HistoryLossPolicy, Job } from '@lockstep/contracts';
import { isTerminal } from '@lockstep/jobs';

/** Losses of the change history. A source or target that is another one than before always waits for a person. */
const HISTORY_LOSSES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['SOURCE_HISTORY_LOST', 'SOURCE_POSITION_INVALID']);

export interface LossView {
  readonly policy: HistoryLossPolicy;
  readonly code: ErrorCode;
  /** The newest bulk sync of the connector; null when there has been none. */
  readonly newest: Job | null;
}

/**
 * Whether a resync begins by itself. One that began so and did not complete is not repeated: what made it fail, a
 * history shorter than its scan for example, would do so again.
 */
export function isResyncAutomatic({ policy, code, newest }: LossView): boolean {
  if (policy !== 'resync' || !HISTORY_LOSSES.has(code)) return false;
  if (newest === null) return true;
  if (!isTerminal(newest.state)) return false;
  return newest.requestedBy !== 'policy' || newest.state === 'completed';
}
