import type { Condition, Job, JobCounters, JobError, JobProgress } from '@lockstep/contracts';
import { isTerminal } from '../states/next-job.js';

/** What a worker tells about its job. Absent: as it was. Null: none any more. */
export interface JobReport {
  readonly progress?: JobProgress;
  readonly counters?: JobCounters;
  readonly condition?: Condition | null;
  /** Why it waits, while it waits; a job that ends takes its error from the command. */
  readonly error?: JobError | null;
  /** What the brake holds; what an operator has confirmed meanwhile is not held again. */
  readonly heldCollections?: readonly string[];
  /** Collections of which no removal is confirmed any more. */
  readonly takenBack?: readonly string[];
}

/**
 * The job with what was reported. Pure. A job that is over stays as it is: a late report never brings
 * it back. Counters only grow, whatever a restarted worker believes. Gives back the very same object
 * when nothing changes, so that the caller need not write.
 */
export function reported(job: Job, report: JobReport, nowIso: string): Job {
  if (isTerminal(job.state)) return job;
  const { takenBack = [] } = report;
  const isKept = (collection: string): boolean => !takenBack.includes(collection);
  const next: Job = {
    ...job,
    confirmedCollections: job.confirmedCollections.filter(isKept),
    progress: report.progress ?? job.progress,
    counters: report.counters === undefined ? job.counters : grown(job.counters, report.counters),
    condition: report.condition === undefined ? job.condition : report.condition,
    error: report.error === undefined ? job.error : report.error,
    ...(report.heldCollections === undefined ? {} : held(job, report.heldCollections)),
  };
  return JSON.stringify(next) === JSON.stringify(job) ? job : { ...next, updatedAt: nowIso };
}

function held(
  { confirmed, confirmedCollections }: Job,
  collections: readonly string[],
): Pick<Job, 'heldCollections' | 'confirmed'> {
  const heldCollections = collections.filter((collection) => !confirmedCollections.includes(collection));
  return { heldCollections, confirmed: confirmed && heldCollections.length === 0 };
}

function grown(before: JobCounters, after: JobCounters): JobCounters {
  return {
    indexed: Math.max(before.indexed, after.indexed),
    deleted: Math.max(before.deleted, after.deleted),
    skipped: Math.max(before.skipped, after.skipped),
    deadLettered: Math.max(before.deadLettered, after.deadLettered),
    retried: Math.max(before.retried, after.retried),
    conflicts: Math.max(before.conflicts, after.conflicts),
  };
}
