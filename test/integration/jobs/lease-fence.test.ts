import type { PartitionState } from '@lockstep/contracts';
import { createElasticClient, DocumentStore, stateAlias } from '@lockstep/elastic';
import { eventually, TcpFaultProxy, testServers, uniqueName } from '@lockstep/testing';
import { JobsContext, TEST_TIMEOUT_MS, TestWorker, TIMING } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

describe('fencing', () => {
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
  const withStream = (streamJobId: string) => (state: PartitionState) => ({ ...state, streamJobId });

  it('ends a lease before others may take it, and it never writes again when the store is back', async () => {
    const worker = await context.worker();
    const lease = await worker.claimed(connectorId);
    const before = await states.get(lease.partition);
    worker.cutOff();
    const saving = lease.save(withStream('job_late'));
    const outcome = expect(saving).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    const cutAtMs = performance.now();
    await eventually(() => lease.signal.aborted, { intervalMs: 10 });
    expect(performance.now() - cutAtMs).toBeLessThan(TIMING.ttlMs + TIMING.graceMs);
    worker.proxy.heal();
    await outcome;
    await eventually(() => worker.heartbeat.isFresh());
    await expect(lease.save(withStream('job_later'))).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    await lease.release();
    expect(await states.get(lease.partition)).toEqual(before);
    expect(worker.events.types().filter((type) => type === 'lease.lost')).toHaveLength(1);
  });

  it('lets anybody claim at once when the fenced worker beats again', async () => {
    const [worker, other] = [await context.worker(), await context.worker()];
    const former = worker.heartbeat.holder;
    const lease = await worker.claimed(connectorId);
    worker.cutOff();
    await eventually(() => lease.signal.aborted);
    worker.proxy.heal();
    await eventually(() => worker.heartbeat.isFresh());
    expect(worker.heartbeat.holder.workerId).toBe(former.workerId);
    expect(worker.heartbeat.holder.incarnation).not.toBe(former.incarnation);
    expect((await other.claim(connectorId))?.epoch).toBe(2);
  });

  it('ends a save whose request hangs', async () => {
    await using proxy = await TcpFaultProxy.start(Number(new URL(testServers().elasticsearchUrl).port));
    const hanging = await context.idleWorker();
    const client = createElasticClient({ url: `http://127.0.0.1:${proxy.port}` });
    const worker = new TestWorker(client, hanging.proxy, context.prefix);
    await worker.heartbeat.start(new AbortController().signal);
    const lease = await worker.claimed(connectorId);
    proxy.inject({ kind: 'blackHole' });
    const startedAtMs = performance.now();
    await expect(lease.save(withStream('job_a'))).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    expect(performance.now() - startedAtMs).toBeLessThan(TIMING.ttlMs + TIMING.graceMs);
    proxy.heal();
    await worker.heartbeat.stop();
    await client.close();
    expect((await stored()).streamJobId).toBeNull();
  });

  it('finds the event loop blocked for longer than the TTL, before anything is written', async () => {
    const worker = await context.worker();
    const lease = await worker.claimed(connectorId);
    const untilMs = performance.now() + TIMING.ttlMs;
    while (performance.now() < untilMs) {
      // Blocked on purpose: no timer, no answer gets through.
    }
    await expect(lease.save(withStream('job_a'))).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    expect((await stored()).streamJobId).toBeNull();
  });

  it('counts a beat from when it was sent, so that an answer after a long freeze revives nothing', async () => {
    let frozenMs = 0;
    const clock = { nowMs: () => Date.now() + frozenMs, monotonicMs: () => performance.now() + frozenMs };
    const worker = await context.worker({ clock });
    const lease = await worker.claimed(connectorId);
    // The process freezes between the beat and its answer.
    worker.proxy.refuseRequests(({ method, path }) => {
      if (method === 'PUT' && path.includes('-workers/') && frozenMs === 0) frozenMs = 30_000;
      return undefined;
    });
    await eventually(() => lease.signal.aborted);
    await expect(lease.save(withStream('job_a'))).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
  });

  it('takes no notice of a wall clock that is an hour off or set back, and fences when it jumps ahead', async () => {
    let offsetMs = -3_600_000;
    const clock = { nowMs: () => Date.now() + offsetMs, monotonicMs: () => performance.now() };
    const [worker, challenger] = [await context.worker({ clock }), await context.worker()];
    const lease = await worker.claimed(connectorId);
    expect(await challenger.claim(connectorId)).toBeNull();
    offsetMs -= 3_600_000;
    await lease.save(withStream('job_a'));
    expect(worker.heartbeat.ageMs()).toBeLessThan(TIMING.ttlMs);
    // What a machine looks like that was suspended for an hour.
    offsetMs += 7_200_000;
    await expect(lease.save(withStream('job_b'))).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    await eventually(() => worker.heartbeat.isFresh());
    expect((await worker.claim(connectorId))?.epoch).toBe(2);
  });
});
