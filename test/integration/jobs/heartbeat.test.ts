import type { WorkerHeartbeat } from '@lockstep/contracts';
import { DocumentStore, stateAlias } from '@lockstep/elastic';
import { HolderObserver } from '@lockstep/jobs';
import { eventually, uniqueName } from '@lockstep/testing';
import { JobsContext, TEST_TIMEOUT_MS, TIMING } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

describe('heartbeat', () => {
  let context: JobsContext;
  let workers: DocumentStore<WorkerHeartbeat>;

  beforeAll(async () => {
    context = await new JobsContext().setUp();
    workers = new DocumentStore(context.client, stateAlias(context.prefix, 'workers'));
  });
  afterAll(() => context[Symbol.asyncDispose]());

  it('moves, and is gone after a clean stop', async () => {
    const worker = await context.worker();
    const { workerId, incarnation } = worker.heartbeat.holder;
    const first = (await workers.get(workerId))!.source;
    expect(first).toMatchObject({ id: workerId, incarnation, pid: process.pid, version: '0.0.0-test' });
    await eventually(async () => (await workers.get(workerId))!.source.beat >= first.beat + 3);
    await worker.heartbeat.stop();
    expect(await workers.get(workerId)).toBeUndefined();
    expect(worker.heartbeat.isFresh()).toBe(false);
    expect(worker.heartbeat.ageMs()).toBe(Infinity);
  });

  it('is one write, however many partitions the worker holds', async () => {
    const worker = await context.worker();
    const leases = await Promise.all(Array.from({ length: 60 }, () => worker.claimed(uniqueName('con'))));
    const { workerId } = worker.heartbeat.holder;
    const beatOf = async (): Promise<number> => (await workers.get(workerId))!.source.beat;
    const [first, seen] = [await beatOf(), worker.proxy.requests.length];
    const last = await eventually(async () => {
      const beat = await beatOf();
      return beat >= first + 5 && beat;
    });
    const writes = worker.proxy.requests.slice(seen).filter(({ method }) => method !== 'GET');
    expect(writes.every(({ path }) => path.includes(`-workers/_doc/${workerId}`))).toBe(true);
    // One more may be on its way at either end.
    expect(Math.abs(writes.length - (last - first))).toBeLessThanOrEqual(1);
    expect(leases.every((lease) => lease.isHeld())).toBe(true);
  });

  it('waits for Elasticsearch at start, and gives up when told to', async () => {
    const worker = await context.idleWorker();
    worker.cutOff();
    const starting = worker.heartbeat.start(new AbortController().signal);
    await eventually(() => worker.events.types().includes('heartbeat.failed'));
    worker.proxy.heal();
    await starting;
    expect(worker.heartbeat.isFresh()).toBe(true);

    const unlucky = await context.idleWorker();
    unlucky.cutOff();
    const giveUp = new AbortController();
    const outcome = expect(unlucky.heartbeat.start(giveUp.signal)).rejects.toMatchObject({ code: 'JOB_ABORTED' });
    await eventually(() => unlucky.events.types().includes('heartbeat.failed'));
    giveUp.abort();
    await outcome;
  });

  it('goes on after lost answers without a fence', async () => {
    const worker = await context.worker();
    const { holder } = worker.heartbeat;
    let isLosing = true;
    worker.proxy.refuseRequests(({ method }) =>
      method === 'PUT' && (isLosing = !isLosing) ? 'dropAnswer' : undefined,
    );
    const { beat } = (await workers.get(holder.workerId))!.source;
    await eventually(async () => (await workers.get(holder.workerId))!.source.beat >= beat + 8);
    expect(worker.heartbeat.holder).toEqual(holder);
    expect(worker.events.types()).toContain('heartbeat.failed');
  });

  it('writes its document again when somebody removed it', async () => {
    const worker = await context.worker();
    const { workerId } = worker.heartbeat.holder;
    await workers.delete({ id: workerId });
    await eventually(async () => (await workers.get(workerId)) !== undefined);
  });

  it('gives way for good to another process of its id', async () => {
    const workerId = uniqueName('wrk');
    const first = await context.worker({ workerId });
    const lease = await first.claimed(uniqueName('con'));
    const second = await context.worker({ workerId });
    await eventually(() => lease.signal.aborted);
    expect(first.heartbeat.isFresh()).toBe(false);
    expect(first.events.events).toContainEqual({ type: 'heartbeat.failed', code: 'JOB_LEASE_LOST' });
    const { beat } = (await workers.get(workerId))!.source;
    await eventually(async () => (await workers.get(workerId))!.source.beat > beat + 2);
    expect((await workers.get(workerId))!.source.incarnation).toBe(second.heartbeat.holder.incarnation);
    await first.heartbeat.stop();
    expect((await workers.get(workerId))!.source.incarnation).toBe(second.heartbeat.holder.incarnation);
  });

  it('is seen as alive, then as gone after a stop', async () => {
    const worker = await context.worker();
    const observer = new HolderObserver({ client: context.client, prefix: context.prefix, ttlMs: TIMING.ttlMs });
    const { holder } = worker.heartbeat;
    expect(await observer.isAlive(holder)).toBe('watching');
    await eventually(async () => (await observer.isAlive(holder)) === 'alive');
    expect(await observer.isAlive({ ...holder, incarnation: 'another' })).toBe('fenced');
    expect(await observer.isAlive({ ...holder, incarnation: 'another', startedAt: 'before' })).toBe('gone');
    await worker.heartbeat.stop();
    expect(await observer.isAlive(holder)).toBe('gone');
  });
});
