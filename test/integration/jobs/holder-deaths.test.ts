import type { PartitionState } from '@lockstep/contracts';
import { withoutDeaths } from '@lockstep/jobs';
import { eventually, uniqueName } from '@lockstep/testing';
import { JobsContext, TEST_TIMEOUT_MS, TIMING } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

describe('deaths of those who held a partition', () => {
  let context: JobsContext;
  let connectorId: string;

  beforeAll(async () => {
    context = await new JobsContext().setUp();
  });
  beforeEach(() => {
    connectorId = uniqueName('con');
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const stored = async (): Promise<PartitionState> => {
    const { partitions } = await context.idleWorker();
    return (await partitions.get({ connectorId, generation: 1, partition: 0 }))!;
  };

  it('are counted takeover by takeover, kept by a release, and forgotten by its holder', async () => {
    const workerId = uniqueName('wrk');
    await (await context.worker({ workerId })).claimed(connectorId);
    expect(await stored()).not.toHaveProperty('deaths');
    // Started anew under its id: whatever the process before held died with it.
    for (const count of [1, 2]) {
      const lease = await (await context.worker({ workerId })).claimed(connectorId);
      expect(lease.state).toMatchObject({ deaths: { count }, fence: lease.epoch });
    }
    await context.worker({ workerId });
    const heir = await context.worker();
    const lease = await heir.claimed(connectorId);
    expect(lease.state.deaths).toEqual({ count: 3, lastAt: lease.state.updatedAt });
    await lease.release();
    expect((await stored()).deaths).toMatchObject({ count: 3 });
    const again = await heir.claimed(connectorId);
    expect(again.state.deaths).toMatchObject({ count: 3 });
    await again.save(withoutDeaths);
    expect(await stored()).toMatchObject({ epoch: 5, fence: 4 });
    expect(await stored()).not.toHaveProperty('deaths');
  });

  it('are none when a worker was cut off, has fenced itself and lives', async () => {
    const [holder, other] = [await context.worker(), await context.worker()];
    const lease = await holder.claimed(connectorId);
    holder.cutOff();
    await eventually(() => lease.signal.aborted, { timeoutMs: 15_000, what: 'the fence' });
    holder.proxy.heal();
    await eventually(() => holder.heartbeat.isFresh(), { timeoutMs: 15_000, what: 'a beat of the next incarnation' });
    const taken = await other.claimed(connectorId);
    expect(taken.state).toMatchObject({ epoch: 2, fence: 2 });
    expect(taken.state).not.toHaveProperty('deaths');
  });

  it('are none when the store was away for everybody, and is back for the others first', async () => {
    const [holder, other] = [await context.worker(), await context.worker()];
    const lease = await holder.claimed(connectorId);
    expect(await other.claim(connectorId)).toBeNull();
    const awaySinceMs = performance.now();
    for (const worker of [holder, other]) worker.cutOff();
    await eventually(() => lease.signal.aborted, { timeoutMs: 15_000, what: 'the fence' });
    const isTakeoverDue = (): boolean => performance.now() - awaySinceMs > TIMING.ttlMs + TIMING.graceMs;
    await eventually(isTakeoverDue, { timeoutMs: 15_000, what: 'an outage longer than a takeover takes' });
    other.proxy.heal();
    await eventually(() => other.heartbeat.isFresh(), { timeoutMs: 15_000, what: 'a beat of the other worker' });
    expect(await other.claim(connectorId)).toBeNull();
    holder.proxy.heal();
    await eventually(() => holder.heartbeat.isFresh(), { timeoutMs: 15_000, what: 'a beat of the next incarnation' });
    expect((await other.claimed(connectorId)).state).not.toHaveProperty('deaths');
  });
});
