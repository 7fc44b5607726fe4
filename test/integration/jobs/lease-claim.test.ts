import type { PartitionState } from '@lockstep/contracts';
import { DocumentStore, stateAlias } from '@lockstep/elastic';
import { eventually, uniqueName } from '@lockstep/testing';
import { isStateWrite, JobsContext, TEST_TIMEOUT_MS, TIMING } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

describe('claiming a lease', () => {
  let context: JobsContext;
  let states: DocumentStore<PartitionState>;
  let connectorId: string;

  beforeAll(async () => {
    context = await new JobsContext().setUp();
    states = new DocumentStore(context.client, stateAlias(context.prefix, 'state'));
  });
  beforeEach(() => {
    connectorId = uniqueName('con');
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const stored = async (): Promise<PartitionState> => (await states.get(`${connectorId}:1:0`))!.source;

  it('is won by exactly one of twenty workers', async () => {
    const workers = await Promise.all(Array.from({ length: 20 }, () => context.worker()));
    const leases = await Promise.all(workers.map((worker) => worker.claim(connectorId)));
    const winners = workers.filter((_worker, i) => leases[i] !== null);
    expect(winners).toHaveLength(1);
    expect(await stored()).toMatchObject({ epoch: 1, lease: winners[0]?.heartbeat.holder });
    await Promise.all(workers.map((worker) => worker.heartbeat.stop()));
  });

  it('is won once by a worker that asks twice at a time', async () => {
    const worker = await context.worker();
    const leases = await Promise.all([worker.claim(connectorId), worker.claim(connectorId)]);
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
    expect(await worker.claim(connectorId)).toBeNull();
    expect((await stored()).epoch).toBe(1);
  });

  it('raises the epoch by exactly one each time, whoever claims', async () => {
    const workers = [await context.worker(), await context.worker(), await context.worker()];
    for (let epoch = 1; epoch <= 12; epoch += 1) {
      const rivals = await Promise.all(workers.map((worker) => worker.claim(connectorId)));
      const [lease, ...others] = rivals.filter((rival) => rival !== null);
      expect(others).toEqual([]);
      expect(lease?.epoch).toBe(epoch);
      await lease?.release();
      expect(await stored()).toMatchObject({ epoch, lease: null });
    }
  });

  it('is refused to a worker without a fresh heartbeat', async () => {
    const worker = await context.idleWorker();
    expect(await worker.claim(connectorId)).toBeNull();
    expect(await states.get(`${connectorId}:1:0`)).toBeUndefined();
  });

  it('succeeds at once after a clean stop', async () => {
    const [first, second] = [await context.worker(), await context.worker()];
    const lease = await first.claimed(connectorId);
    expect(await second.claim(connectorId)).toBeNull();
    await lease.release();
    await first.heartbeat.stop();
    expect((await second.claim(connectorId))?.epoch).toBe(2);
  });

  it('succeeds at once when the holder stopped without giving the lease back', async () => {
    const [first, second] = [await context.worker(), await context.worker()];
    const lease = await first.claimed(connectorId);
    await first.heartbeat.stop();
    expect(lease.signal.aborted).toBe(true);
    expect((await second.claim(connectorId))?.epoch).toBe(2);
    expect(second.events.events).toContainEqual(expect.objectContaining({ type: 'lease.claimed', isTakeover: true }));
  });

  it('succeeds at once when the holder was started anew under its id', async () => {
    const workerId = uniqueName('wrk');
    const [first, challenger] = [await context.worker({ workerId }), await context.worker()];
    await first.claimed(connectorId);
    expect(await challenger.claim(connectorId)).toBeNull();
    await context.worker({ workerId });
    expect((await challenger.claim(connectorId))?.epoch).toBe(2);
  });

  it('takes over from a holder that stalls, after the whole TTL and after the holder has fenced itself', async () => {
    const [holder, challenger] = [await context.worker(), await context.worker()];
    const lease = await holder.claimed(connectorId);
    await eventually(async () => (await challenger.claim(connectorId)) === null);
    holder.cutOff();
    const stalledAtMs = performance.now();
    let fencedAtMs = Infinity;
    lease.signal.addEventListener('abort', () => (fencedAtMs = performance.now()));
    const taken = await eventually(() => challenger.claim(connectorId), { timeoutMs: 15_000, intervalMs: 25 });
    const takenAtMs = performance.now();
    expect(taken.epoch).toBe(2);
    // The last beat may have been seen up to one interval before the cut.
    expect(takenAtMs - stalledAtMs).toBeGreaterThanOrEqual(TIMING.ttlMs + TIMING.graceMs - TIMING.intervalMs);
    expect(takenAtMs - stalledAtMs).toBeLessThan(2 * (TIMING.ttlMs + TIMING.graceMs));
    expect(fencedAtMs).toBeLessThan(takenAtMs);
    expect(fencedAtMs - stalledAtMs).toBeLessThan(TIMING.ttlMs + TIMING.graceMs);
  });

  it('never takes over from a holder that beats', async () => {
    const [holder, challenger] = [await context.worker(), await context.worker()];
    const lease = await holder.claimed(connectorId);
    const untilMs = performance.now() + TIMING.ttlMs + TIMING.graceMs + 1_000;
    while (performance.now() < untilMs) {
      expect(await challenger.claim(connectorId)).toBeNull();
      await lease.save((state) => state);
    }
    expect(lease.signal.aborted).toBe(false);
  });

  it('goes on after the answer to a claim was lost', async () => {
    const [worker, rival] = [await context.worker(), await context.worker()];
    await worker.partitions.ensure({ connectorId, generation: 1, partition: 0 });
    let left = 1;
    worker.proxy.refuseRequests((seen) => (isStateWrite(seen) && left-- > 0 ? 'dropAnswer' : undefined));
    await expect(worker.claim(connectorId)).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
    expect(await rival.claim(connectorId)).toBeNull();
    const lease = await worker.claimed(connectorId);
    expect(lease.epoch).toBe(2);
    await lease.save((state) => state);
  });

  it('refuses a state document of an unknown shape instead of starting anew', async () => {
    const worker = await context.worker();
    const { bindings: _bindings, ...state } = await worker.partitions.ensure({
      connectorId,
      generation: 1,
      partition: 0,
    });
    await states.put(`${connectorId}:1:0`, { ...state, schema: 9 } as unknown as PartitionState);
    await expect(worker.claim(connectorId)).rejects.toMatchObject({ code: 'STATE_CORRUPT' });
  });

  it('lists and forgets the partitions of a connector', async () => {
    const worker = await context.worker();
    const key = (partition: number) => ({ connectorId, generation: 1, partition });
    const listed = async (): Promise<number[]> =>
      (await worker.partitions.listByConnector(connectorId)).map(({ partition }) => partition);
    for (const partition of [2, 1, 0]) await worker.partitions.ensure(key(partition));
    await worker.partitions.ensure({ connectorId: `${connectorId}x`, generation: 1, partition: 0 });
    // How many there are is what the lead says: the others were there before.
    expect(await listed()).toEqual([0]);
    await worker.partitions.changeIdle(
      key(0),
      () => false,
      (state) => ({ ...state, partitionCount: 2 }),
    );
    expect(await listed()).toEqual([0, 1]);
    expect((await worker.partitions.listCounts()).get(`${connectorId}:1:0`)).toBe(2);
    const lease = await worker.claimed(connectorId);
    await worker.partitions.deleteByConnector(connectorId);
    expect(await worker.partitions.listByConnector(connectorId)).toEqual([]);
    await expect(lease.save((state) => state)).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    for (const partition of [0, 1, 2]) expect(await states.get(`${connectorId}:1:${partition}`)).toBeUndefined();
  });
});
