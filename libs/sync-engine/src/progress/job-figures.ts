import type { Job, JobCounters, JobFigures, PartitionState, WriteResult } from '@lockstep/contracts';

/** A job and what it stands at where nobody has counted for it yet. */
export type CountedJob = Pick<Job, 'id' | 'type' | 'counters'> & { readonly progress: Pick<Job['progress'], 'done'> };

/** Something done for a job. It is counted in the same write that makes sure that it is not done again. */
export interface JobWork {
  readonly job: CountedJob;
  /** What was written. */
  readonly result?: WriteResult;
  /** Changes of the stream that were applied. */
  readonly changes?: number;
}

/** What is counted for the job by now. Where the partition has not counted for it yet, that goes on where the job stands. */
export function figuresOf(state: PartitionState, job: CountedJob): JobFigures {
  return state.counters?.[job.id] ?? storedFigures(job);
}

/** What the partition and the others of its generation have counted for the job. */
export function sharedFigures(state: PartitionState, shares: readonly PartitionState[], job: CountedJob): JobFigures {
  return shares.reduce((sum, { counters }) => addFigures(sum, counters?.[job.id]), figuresOf(state, job));
}

/** The partition takes over what the others have counted: they are about to begin anew. */
export function withShares(state: PartitionState, shares: readonly PartitionState[]): PartitionState {
  const counters = Object.entries(state.counters ?? {}).map(
    ([id, figures]) => [id, shares.reduce((sum, share) => addFigures(sum, share.counters?.[id]), figures)] as const,
  );
  return { ...state, counters: Object.fromEntries(counters) };
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

function withFigures(state: PartitionState, job: CountedJob, figures: JobFigures): PartitionState {
  const named = Object.entries(state.counters ?? {}).filter(
    ([id]) => id === state.bulkJobId || id === state.streamJobId,
  );
  return { ...state, counters: { ...Object.fromEntries(named), [job.id]: figures } };
}

function storedFigures({ type, counters, progress }: CountedJob): JobFigures {
  return { counters, changes: type === 'stream_sync' ? progress.done : 0 };
}

function addResult(counters: JobCounters, result: WriteResult): JobCounters {
  return addCounters(counters, { ...result, skipped: 0 });
}

function addFigures(a: JobFigures, b: JobFigures | undefined): JobFigures {
  return b === undefined ? a : { counters: addCounters(a.counters, b.counters), changes: a.changes + b.changes };
}

function addCounters(a: JobCounters, b: JobCounters): JobCounters {
  return {
    indexed: a.indexed + b.indexed,
    deleted: a.deleted + b.deleted,
    skipped: a.skipped + b.skipped,
    deadLettered: a.deadLettered + b.deadLettered,
    retried: a.retried + b.retried,
    conflicts: a.conflicts + b.conflicts,
  };
}
