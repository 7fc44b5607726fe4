import { NO_COUNTERS, type DomainEvent, type WorkerLive } from '@lockstep/contracts';
import { DocumentStore, stateAlias } from '@lockstep/elastic';
import { LivePublisher, WorkerDirectory } from '@lockstep/jobs';
import { eventually } from '@lockstep/testing';
import { JobsContext, TEST_TIMEOUT_MS, type TestWorker } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

const changed = (id: number): DomainEvent => ({
  type: 'change.applied',
  change: { operation: 'insert', connectorId: 'con_1', namespace: 'shop.orders', id: String(id), at: 'now' },
});

describe('live documents and directory', () => {
  let context: JobsContext;
  let documents: DocumentStore<WorkerLive>;

  beforeAll(async () => {
    context = await new JobsContext().setUp();
    documents = new DocumentStore(context.client, stateAlias(context.prefix, 'workers'));
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const liveWrites = (worker: TestWorker): number =>
    worker.proxy.requests.filter(({ method, path }) => method === 'PUT' && path.includes('live')).length;

  function publisher(worker: TestWorker): { live: LivePublisher; tell: (event: DomainEvent) => void } {
    const { client, prefix, events, heartbeat } = worker;
    const live = new LivePublisher({ client, prefix, events, worker: heartbeat });
    return { live, tell: live.subscriber() };
  }

  it('are written at most once a second, only on change, and removed at the end', async () => {
    const worker = await context.worker();
    const id = `${worker.heartbeat.holder.workerId}:live`;
    const { live, tell } = publisher(worker);
    live.start(new AbortController().signal);
    const startedAtMs = performance.now();
    let sent = 0;
    while (performance.now() - startedAtMs < 3_000) {
      tell(changed((sent += 1)));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const shown = await eventually(async () => {
      const stored = (await documents.get(id))?.source;
      return stored?.changes.at(-1)?.sequence === sent ? stored : null;
    });
    const writes = liveWrites(worker);
    expect(writes).toBeLessThanOrEqual(Math.ceil((performance.now() - startedAtMs) / 1_000) + 1);
    expect(shown.changes).toHaveLength(100);
    const { workerId, incarnation } = worker.heartbeat.holder;
    expect(shown).toMatchObject({ workerId, incarnation });
    // Nothing new for more than two intervals: nothing written.
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(liveWrites(worker)).toBe(writes);
    await live.stop();
    expect(await documents.get(id)).toBeUndefined();
  });

  it('come through when Elasticsearch is back', async () => {
    const worker = await context.worker();
    const id = `${worker.heartbeat.holder.workerId}:live`;
    const { live, tell } = publisher(worker);
    worker.proxy.refuseRequests(({ path }) =>
      path.includes('live') ? { status: 503, type: 'unavailable' } : undefined,
    );
    live.start(new AbortController().signal);
    tell({
      type: 'job.progressed',
      connectorId: 'con_1',
      jobId: 'job_1',
      jobType: 'bulk_sync',
      progress: {
        phase: 'scanning',
        done: 5,
        total: 10,
        ratePerSecond: 1,
        etaSeconds: 5,
        lagMs: null,
        headroom: null,
      },
      counters: NO_COUNTERS,
    });
    await eventually(() => worker.events.types().includes('heartbeat.failed'));
    worker.proxy.heal();
    await eventually(async () => (await documents.get(id))?.source.jobs[0]?.progress.done === 5);
    await live.stop();
  });

  it('show who works, who is dead, and what is done', async () => {
    const [worker, dying] = [await context.worker(), await context.worker()];
    const { live, tell } = publisher(worker);
    live.start(new AbortController().signal);
    tell(changed(1));
    const directory = new WorkerDirectory(context.client, context.prefix);
    const find = async (wanted: TestWorker) =>
      (await directory.list()).find(({ id }) => id === wanted.heartbeat.holder.workerId);
    const seen = await eventually(() => find(worker));
    expect(seen).toMatchObject({
      isAlive: true,
      version: '0.0.0-test',
      incarnation: worker.heartbeat.holder.incarnation,
    });
    expect(seen).not.toHaveProperty('kind');
    await eventually(async () =>
      (await directory.live()).find(({ workerId }) => workerId === worker.heartbeat.holder.workerId),
    );
    expect((await find(dying))?.isAlive).toBe(true);
    dying.cutOff();
    await eventually(async () => (await find(dying))?.isAlive === false, { timeoutMs: 20_000 });
    expect((await find(worker))?.isAlive).toBe(true);
    expect((await find(dying))?.ageMs).toBeGreaterThanOrEqual(10_000);
    await live.stop();
  });

  it('lose a worker that was seen dead for long enough, and no other', async () => {
    const [worker, dying] = [await context.worker(), await context.worker()];
    let elapsedMs = 0;
    // A wall clock an hour ahead must not make anybody look dead.
    const clock = { nowMs: () => Date.now() + 3_600_000, monotonicMs: () => elapsedMs };
    const reaper = new WorkerDirectory(context.client, context.prefix, clock);
    const isListed = async (wanted: TestWorker): Promise<boolean> =>
      (await reaper.list()).some(({ id }) => id === wanted.heartbeat.holder.workerId);
    const beatOf = async ({ heartbeat }: TestWorker): Promise<number> =>
      (await reaper.list()).find(({ id }) => id === heartbeat.holder.workerId)!.beat;
    await eventually(async () => (await isListed(worker)) && (await isListed(dying)));
    dying.cutOff();
    // Searches are up to a second old: the last beat has to be seen before it counts.
    const beats = new DocumentStore<{ beat: number }>(context.client, stateAlias(context.prefix, 'workers'));
    const { workerId } = dying.heartbeat.holder;
    await eventually(async () => (await beatOf(dying)) === (await beats.get(workerId))?.source.beat);
    await reaper.reap(60_000);
    elapsedMs += 61_000;
    const before = await beatOf(worker);
    await eventually(async () => (await beatOf(worker)) > before);
    expect(await reaper.reap(60_000)).toBeGreaterThanOrEqual(1);
    await eventually(async () => !(await isListed(dying)));
    expect(await isListed(worker)).toBe(true);
  });
});
