import { NO_COUNTERS, NO_PROGRESS, type Job, type PartitionState } from '@lockstep/contracts';
import { systemClock } from '@lockstep/core';
import { DocumentStore, stateAlias } from '@lockstep/elastic';
import { GenerationStore, HeldJobs, JobStore, type PartitionLease } from '@lockstep/jobs';
import { eventually, uniqueName, type RequestDecision, type SeenRequest } from '@lockstep/testing';
import { JobsContext, TEST_TIMEOUT_MS, type TestWorker } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

const LOST = { code: 'JOB_LEASE_LOST' };
const ERROR = { code: 'SOURCE_UNREACHABLE', message: 'm' } as const;
const counted = (indexed: number) => ({ counters: { ...NO_COUNTERS, indexed } });

const isBeat = ({ method, path }: SeenRequest): boolean => method === 'PUT' && path.includes('-workers/');
const isJobWrite = ({ method, path }: SeenRequest): boolean => method === 'PUT' && path.includes('-jobs/_doc/');

/** A worker that holds a partition, and what its engine does with jobs. */
class Holder {
  readonly jobs: HeldJobs;

  constructor(
    readonly worker: TestWorker,
    readonly lease: PartitionLease,
    prefix: string,
  ) {
    const { client } = worker;
    this.jobs = new HeldJobs({
      jobs: new JobStore(client, prefix),
      generations: new GenerationStore(client, prefix),
      lease,
    });
  }

  /** Keeps the next write of a job on its way. */
  detain(): { readonly isOnItsWay: () => boolean; readonly deliver: () => void } {
    let isOnItsWay = false;
    let deliver = (): void => undefined;
    const deliverAfter = new Promise<void>((resolve) => (deliver = resolve));
    this.worker.proxy.refuseRequests((seen): RequestDecision => {
      if (isOnItsWay || !isJobWrite(seen)) return undefined;
      isOnItsWay = true;
      return { deliverAfter };
    });
    return { isOnItsWay: () => isOnItsWay, deliver };
  }
}

describe('fencing of jobs', () => {
  let context: JobsContext;
  let operator: JobStore;
  let generations: GenerationStore;
  let states: DocumentStore<PartitionState>;
  let connectorId: string;

  beforeAll(async () => {
    context = await new JobsContext().setUp();
    operator = new JobStore(context.client, context.prefix);
    generations = new GenerationStore(context.client, context.prefix);
    states = new DocumentStore(context.client, stateAlias(context.prefix, 'state'));
  });
  beforeEach(() => {
    connectorId = uniqueName('con');
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const made = (): Promise<Job> =>
    operator.create({ type: 'stream_sync', connectorId, connectorName: 'shop', requestedBy: 'system' });

  const claimed = async (worker: TestWorker, generation = 1): Promise<Holder> => {
    const claim = () => worker.partitions.claim({ connectorId, generation, partition: 0 }, worker.claimer);
    return new Holder(worker, await eventually(claim, { timeoutMs: 20_000, what: 'the lease' }), context.prefix);
  };

  const holder = async (generation = 1): Promise<Holder> => claimed(await context.worker(), generation);

  /**
   * A holder that never finds out by itself that it was stalled: its clocks stand still meanwhile, as those of a machine
   * that is suspended. For all others it is gone.
   */
  async function stallable(): Promise<{ readonly former: Holder; stall(): Promise<void> }> {
    let stoodStillAt: { readonly wall: number; readonly monotonic: number } | null = null;
    const worker = await context.worker({
      clock: {
        nowMs: () => stoodStillAt?.wall ?? systemClock.nowMs(),
        monotonicMs: () => stoodStillAt?.monotonic ?? systemClock.monotonicMs(),
      },
    });
    const former = await claimed(worker);
    const stall = async (): Promise<void> => {
      stoodStillAt = { wall: systemClock.nowMs(), monotonic: systemClock.monotonicMs() };
      const beats = new DocumentStore(worker.client, stateAlias(context.prefix, 'workers'));
      await beats.delete({ id: worker.heartbeat.holder.workerId });
      // What it has on its way already stays there.
      worker.proxy.refuseRequests((seen) => (isBeat(seen) ? { status: 503, type: 'unavailable' } : undefined));
    };
    return { former, stall };
  }

  it.each([
    ['fails it', (jobs: HeldJobs, id: string) => jobs.command(id, { kind: 'fail', error: ERROR })],
    ['completes it', (jobs: HeldJobs, id: string) => jobs.command(id, { kind: 'complete' })],
    ['pauses it', (jobs: HeldJobs, id: string) => jobs.command(id, { kind: 'pause' })],
    ['reports figures', (jobs: HeldJobs, id: string) => jobs.report(id, counted(9))],
  ])('leaves a job as its next holder has it when a former one, that thaws, %s', async (_title, write) => {
    const { id } = await made();
    const { former, stall } = await stallable();
    await former.jobs.takeUp(id);
    await former.jobs.command(id, { kind: 'start' });
    const { isOnItsWay, deliver } = former.detain();
    const late = write(former.jobs, id);
    const outcome = expect(late).rejects.toMatchObject(LOST);
    await eventually(isOnItsWay, { what: 'the write to be on its way' });
    await stall();
    const next = await holder();
    expect((await next.jobs.takeUp(id)).state).toBe('running');
    const before = await next.jobs.report(id, counted(3));
    deliver();
    await outcome;
    expect(await operator.get(id)).toEqual(before);
    // It still takes itself for the holder, and does not become it by beginning anew.
    expect(former.lease.isHeld()).toBe(true);
    await expect(write(former.jobs, id)).rejects.toMatchObject(LOST);
    await expect(former.jobs.takeUp(id)).rejects.toMatchObject(LOST);
    expect(former.lease.isHeld()).toBe(false);
    expect(await operator.get(id)).toEqual(before);
    expect(await next.jobs.command(id, { kind: 'complete' })).toMatchObject({ state: 'completed', ...counted(3) });
  });

  it('refuses a former holder that was stalled while it took the job up', async () => {
    const { id } = await made();
    const { former, stall } = await stallable();
    const { isOnItsWay, deliver } = former.detain();
    const outcome = expect(former.jobs.takeUp(id)).rejects.toMatchObject(LOST);
    await eventually(isOnItsWay, { what: 'the write to be on its way' });
    await stall();
    const next = await holder();
    await next.jobs.takeUp(id);
    const before = await next.jobs.command(id, { kind: 'start' });
    deliver();
    await outcome;
    expect(await operator.get(id)).toEqual(before);
    expect(await next.jobs.report(id, counted(1))).toMatchObject(counted(1));
  });

  it('shows the next holder what a former one has written before', async () => {
    const { id } = await made();
    const { former, stall } = await stallable();
    await former.jobs.takeUp(id);
    await former.jobs.command(id, { kind: 'start' });
    await stall();
    const next = await holder();
    const { isOnItsWay, deliver } = next.detain();
    const taken = next.jobs.takeUp(id);
    await eventually(isOnItsWay, { what: 'the write to be on its way' });
    await former.jobs.report(id, counted(7));
    deliver();
    expect(await taken).toMatchObject({ state: 'running', ...counted(7) });
    await expect(former.jobs.command(id, { kind: 'pause' })).rejects.toMatchObject(LOST);
    expect(await next.jobs.report(id, counted(8))).toMatchObject({ state: 'running', ...counted(8) });
  });

  it('asks a holder to take a job up before it writes, also one that an earlier version has worked on', async () => {
    const { id } = await made();
    await operator.command(id, { kind: 'start' });
    const { jobs } = await holder();
    await expect(jobs.report(id, counted(1))).rejects.toMatchObject(LOST);
    expect((await jobs.takeUp(id)).counters.indexed).toBe(0);
    expect((await jobs.report(id, counted(1))).counters.indexed).toBe(1);
    // Whoever has it does not write again to take it up.
    const { etag } = await jobs.takeUp(id);
    expect((await jobs.takeUp(id)).etag).toBe(etag);
  });

  it('lets a worker go on with what it held before, and leaves a job that is over as it is', async () => {
    const { id } = await made();
    const first = await holder();
    await first.jobs.takeUp(id);
    await first.jobs.command(id, { kind: 'start' });
    await first.lease.release();
    const again = await claimed(first.worker);
    await expect(first.jobs.report(id, counted(1))).rejects.toMatchObject(LOST);
    await again.jobs.takeUp(id);
    const over = await again.jobs.command(id, { kind: 'complete' });
    await again.lease.release();
    const last = await claimed(first.worker);
    expect(await last.jobs.takeUp(id)).toEqual(over);
  });

  it('takes commands of operators at any time, and the job stays in the hands of its holder', async () => {
    const { id } = await made();
    const { jobs } = await holder();
    await jobs.takeUp(id);
    await jobs.command(id, { kind: 'start' });
    await operator.command(id, { kind: 'cancel' });
    await expect(jobs.command(id, { kind: 'complete' })).rejects.toMatchObject({ code: 'JOB_STATE_CONFLICT' });
    await jobs.report(id, { progress: { ...NO_PROGRESS, phase: 'done' } });
    expect((await jobs.command(id, { kind: 'canceled' })).state).toBe('canceled');
  });

  it('hands a job on to the generation that serves, there and back, and to no other', async () => {
    const { id } = await made();
    const filling = await operator.create({
      type: 'bulk_sync',
      connectorId,
      connectorName: 'shop',
      requestedBy: 'api',
      mode: 'newGeneration',
    });
    const first = await holder(1);
    await first.jobs.takeUp(id);
    await first.jobs.command(id, { kind: 'start' });
    await generations.begin(connectorId, { jobId: filling.id, revision: 1 });
    const second = await holder(2);
    await second.jobs.takeUp(filling.id);
    await expect(second.jobs.takeUp(id)).rejects.toMatchObject(LOST);
    await generations.commit(connectorId, { number: 2, jobId: filling.id });
    await generations.serve(connectorId, 2);
    // The one that rests from now on has not heard of it.
    await first.jobs.report(id, counted(1));
    await second.jobs.takeUp(id);
    await expect(first.jobs.command(id, { kind: 'pause' })).rejects.toMatchObject(LOST);
    await expect(first.jobs.takeUp(id)).rejects.toMatchObject(LOST);
    expect(first.lease.isHeld()).toBe(true);
    expect(await second.jobs.report(id, counted(2))).toMatchObject({ state: 'running', ...counted(2) });
    // Back again: to a generation whose number is lower, as is the epoch of its lease.
    await second.lease.release();
    const third = await claimed(second.worker, 2);
    await third.jobs.takeUp(id);
    await generations.bringBack(connectorId, 'job_rollback');
    await generations.commit(connectorId, { number: 1, jobId: 'job_rollback' });
    await generations.serve(connectorId, 1);
    expect(third.lease.epoch).toBeGreaterThan(first.lease.epoch);
    await first.jobs.takeUp(id);
    await expect(third.jobs.report(id, counted(9))).rejects.toMatchObject(LOST);
    await expect(third.jobs.takeUp(id)).rejects.toMatchObject(LOST);
    expect(await first.jobs.report(id, counted(3))).toMatchObject({ state: 'running', ...counted(3) });
  });

  it('goes by who has the partition, also where its state is older than the job', async () => {
    const { id } = await made();
    const first = await holder();
    const { partition } = first.lease;
    const restored = (await states.get(partition))!.source;
    await first.lease.release();
    const second = await claimed(first.worker);
    await second.jobs.takeUp(id);
    await second.lease.release();
    await states.put(partition, { ...restored, lease: null, epoch: 0 });
    const third = await claimed(first.worker);
    expect(third.lease.epoch).toBeLessThan(second.lease.epoch);
    await third.jobs.takeUp(id);
    expect((await third.jobs.command(id, { kind: 'start' })).state).toBe('running');
  });
});
