import type { Job } from '@lockstep/contracts';

export interface JobRetentionLimits {
  /** Finished jobs kept per connector, the newest first. */
  readonly keepPerConnector: number;
  /** Finished jobs that ended longer ago than this go, milliseconds. */
  readonly maxAgeMs: number;
}

/**
 * Decides job by job, newest first, which finished jobs go. Pure but for its count per connector.
 * @param nowMs wall clock: job ages are days, not leases
 */
export function reapingDecision(
  limits: JobRetentionLimits,
  nowMs: number,
): (job: Pick<Job, 'connectorId' | 'finishedAt'>) => boolean {
  const kept = new Map<string, number>();
  return ({ connectorId, finishedAt }) => {
    if (finishedAt === null) return false;
    const count = kept.get(connectorId) ?? 0;
    if (count >= limits.keepPerConnector || nowMs - Date.parse(finishedAt) > limits.maxAgeMs) return true;
    kept.set(connectorId, count + 1);
    return false;
  };
}
