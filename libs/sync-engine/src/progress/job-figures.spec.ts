import { NO_COUNTERS, type Job, type PartitionState, type WriteResult } from '@lockstep/contracts';
import { figuresOf, sharedFigures, withInheritedStream, withJob, withShares, withWork } from './job-figures.js';

const NOTHING: WriteResult = { indexed: 0, deleted: 0, conflicts: 0, deadLettered: 0, retried: 0 };

function job(id: string, type: Job['type'], changes: Partial<Job> = {}): Job {
  const progress = { phase: 'starting', done: 0, total: null, ratePerSecond: null, etaSeconds: null, lagMs: null };
  return { id, type, counters: NO_COUNTERS, progress, ...changes } as Job;
}

const state = (changes: Partial<PartitionState> = {}): PartitionState =>
  ({ bulkJobId: null, streamJobId: null, ...changes }) as PartitionState;

describe('figures of jobs', () => {
  it('add up what was done for each job', () => {
    const [bulk, stream] = [job('bulk', 'bulk_sync'), job('stream', 'stream_sync')];
    let now = withJob(withJob(state(), bulk), stream);
    now = withWork(now, { job: bulk, result: { ...NOTHING, indexed: 5, deadLettered: 1 } });
    now = withWork(now, { job: stream, result: { ...NOTHING, deleted: 2, conflicts: 1, retried: 3 } });
    now = withWork(now, { job: stream, changes: 4 });
    now = withWork(now, { job: bulk, result: { ...NOTHING, indexed: 2 } });
    expect(figuresOf(now, bulk)).toEqual({ counters: { ...NO_COUNTERS, indexed: 7, deadLettered: 1 }, changes: 0 });
    expect(figuresOf(now, stream)).toEqual({
      counters: { ...NO_COUNTERS, deleted: 2, conflicts: 1, retried: 3 },
      changes: 4,
    });
  });

  it('of several partitions are added up, and taken over by the lead when the others begin anew', () => {
    const stream = job('stream', 'stream_sync');
    const done = (indexed: number, changes: number): PartitionState =>
      withWork(withJob(state(), stream), { job: stream, result: { ...NOTHING, indexed }, changes });
    const [lead, shares] = [done(5, 6), [done(10, 20), done(100, 200), state()]];
    const all = { counters: { ...NO_COUNTERS, indexed: 115 }, changes: 226 };
    expect(sharedFigures(lead, shares, stream)).toEqual(all);
    expect(sharedFigures(lead, [], stream)).toEqual(figuresOf(lead, stream));
    expect(figuresOf(withShares(lead, shares), stream)).toEqual(all);
    expect(sharedFigures(lead, shares, job('other', 'bulk_sync')).counters).toEqual(NO_COUNTERS);
  });

  it('go on where the job stands when the partition has none of it yet', () => {
    const counters = { ...NO_COUNTERS, indexed: 10 };
    const stream = job('stream', 'stream_sync', {
      counters,
      progress: { ...job('', 'stream_sync').progress, done: 8 },
    });
    const now = withWork(state({ streamJobId: 'stream' }), {
      job: stream,
      result: { ...NOTHING, indexed: 1 },
      changes: 1,
    });
    expect(figuresOf(now, stream)).toEqual({ counters: { ...NO_COUNTERS, indexed: 11 }, changes: 9 });
  });

  it('are younger than what the job tells, when it is taken up again', () => {
    const bulk = job('bulk', 'bulk_sync');
    const done = withWork(withJob(state(), bulk), { job: bulk, result: { ...NOTHING, indexed: 5 } });
    expect(figuresOf(withJob(done, bulk), bulk).counters.indexed).toBe(5);
  });

  it('of an inherited stream sync are those of its job, also where this partition served before', () => {
    const before = job('stream', 'stream_sync');
    const retired = withWork(withJob(state(), before), { job: before, result: { ...NOTHING, indexed: 5 } });
    const meanwhile = job('stream', 'stream_sync', { counters: { ...NO_COUNTERS, indexed: 50 } });
    expect(figuresOf(withInheritedStream(retired, meanwhile), meanwhile).counters.indexed).toBe(50);
  });

  it('are kept of the jobs that are named, and of no others', () => {
    const [first, second] = [job('first', 'bulk_sync'), job('second', 'bulk_sync')];
    const stream = job('stream', 'stream_sync');
    const now = withJob(withJob(withJob(state(), first), stream), second);
    expect(Object.keys(now.counters ?? {}).sort()).toEqual(['second', 'stream']);
  });
});
