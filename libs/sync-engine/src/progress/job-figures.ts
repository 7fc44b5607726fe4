import type { Job, JobCounters, JobFigures, PartitionState, WriteResult } from '@lockstep/contracts';

/** Something done for a job. It is counted in the same write that makes sure that it is not done again. */
export interface JobWork {
  readonly job: Job;
  /** What was written. */
  readonly result?: WriteResult;
  /** Changes of the stream that were applied. */
  readonly changes?: number;
}

/** What is counted for the job by now. Where the partition has not counted for it yet, that goes on where the job stands. */
export function figuresOf(state: PartitionState, job: Job): JobFigures {
  return state.counters?.[job.id] ?? storedFigures(job);
}

/** The partition works for the job from now on, in the place of the one of its type before. */
export function withJob(state: PartitionState, job: Job): PartitionState {
  const key = job.type === 'bulk_sync' ? 'bulkJobId' : 'streamJobId';
  return withFigures({ ...state, [key]: job.id }, job, figuresOf(state, job));
}

/** The partition goes on with the stream sync of another one, where that one has left off. */
export function withInheritedStream(state: PartitionState, job: Job): PartitionState {
  return withFigures({ ...state, streamJobId: job.id }, job, storedFigures(job));
}

export function withWork(state: PartitionState, { job, result, changes = 0 }: JobWork): PartitionState {
  const before = figuresOf(state, job);
  const counters = result === undefined ? before.counters : addResult(before.counters, result);
  return withFigures(state, job, { counters, changes: before.changes + changes });
}

function withFigures(state: PartitionState, job: Job, figures: JobFigures): PartitionState {
  const named = Object.entries(state.counters ?? {}).filter(
    ([id]) => id === state.bulkJobId || id === state.streamJobId,
  );
  return { ...state, counters: { ...Object.fromEntries(named), [job.id]: figures } };
}

function storedFigures({ type, counters, progress }: Job): JobFigures {
  return { counters, changes: type === 'stream_sync' ? progress.done : 0 };
}

function addResult(counters: JobCounters, result: WriteResult): JobCounters {
  return {
    indexed: counters.indexed + result.indexed,
    deleted: counters.deleted + result.deleted,
    skipped: counters.skipped,
    deadLettered: counters.deadLettered + result.deadLettered,
    retried: counters.retried + result.retried,
    conflicts: counters.conflicts + result.conflicts,
  };
}
