import type { WriteResult } from '@lockstep/contracts';

/** Writes in a row that all found a newer version in the index. */
export interface ConflictRun {
  readonly count: number;
  /** When the first of them was, monotonic milliseconds; 0 while there is none. */
  readonly sinceMs: number;
}

export const NO_CONFLICTS: ConflictRun = { count: 0, sinceMs: 0 };

/** Fewer may be chance. */
export const FROZEN_FROM_COUNT = 50;
/** A worker that starts again meets what it wrote before, for seconds; milliseconds. */
export const FROZEN_FROM_MS = 20_000;

/** One write that is taken ends the run. */
export function nextConflictRun(
  run: ConflictRun,
  { indexed, deleted, conflicts }: Pick<WriteResult, 'indexed' | 'deleted' | 'conflicts'>,
  nowMs: number,
): ConflictRun {
  if (indexed + deleted > 0) return NO_CONFLICTS;
  if (conflicts === 0) return run;
  return { count: run.count + conflicts, sinceMs: run.count === 0 ? nowMs : run.sinceMs };
}

/** Whether the target takes nothing any more: everything that is written finds something newer, and it lasts. */
export function isFrozen(run: ConflictRun, nowMs: number): boolean {
  return run.count >= FROZEN_FROM_COUNT && nowMs - run.sinceMs >= FROZEN_FROM_MS;
}
