import { MongoClient, type Collection } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  httpJson,
  httpText,
  LockstepInstance,
  startReplicaSet,
  testServers,
  uniqueName,
  type ComparedSides,
  type ReplicaSet,
} from '@lockstep/testing';
import { PATIENCE_MS } from './chaos-harness';
import { shopOrders } from './shop-data';

const { elasticsearchUrl } = testServers();

/** An oplog of the smallest size that a server takes rolls over within seconds. */
const SMALL_OPLOG = { oplogSizeMb: 8, setParameters: ['minSnapshotHistoryWindowInSeconds=0'] };

const BEFORE = 5_000;
const DOOMED = 40;
const ADDED = 100;

describe('a history that is gone', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const database = uniqueName('history');
  let set: ReplicaSet;
  let client: MongoClient;
  let orders: Collection;

  beforeAll(async () => {
    set = await startReplicaSet(SMALL_OPLOG);
    client = await new MongoClient(set.url).connect();
    orders = client.db(database).collection('orders');
    await orders.insertMany(shopOrders(BEFORE));
    await lockstep.start();
  }, PATIENCE_MS);

  afterAll(async () => {
    await lockstep.stop();
    await client?.close();
    await set?.stop();
  }, PATIENCE_MS);

  it(
    'leads to a resync that is asked for, or begins by itself; searches go on, and deletions are mirrored',
    async () => {
      const sides: ComparedSides = {
        mongodbUrl: set.url,
        elasticsearchUrl,
        database,
        collection: 'orders',
        index: `${database}-orders`,
      };
      const id = await lockstep.sync({
        name: 'history',
        source: { uri: set.url, database, collections: ['orders'] },
        sink: { index: '{database}-{collection}' },
      });
      const healing: ComparedSides = { ...sides, index: `${database}-healing` };
      const healingId = await lockstep.sync({
        name: 'healing',
        source: { uri: set.url, database, collections: ['orders'], onHistoryLost: 'resync', partitions: 2 },
        sink: { index: healing.index },
      });
      await expectInLockstep(sides);
      await expectInLockstep(healing);
      const [worker] = lockstep.workers;
      expect(await worker!.stop('SIGTERM')).toBe(0);

      const doomed = await orders.find().limit(DOOMED).toArray();
      await orders.deleteMany({ _id: { $in: doomed.map(({ _id }) => _id) } });
      await orders.insertMany(shopOrders(ADDED, 10_000));
      await rollOver();

      await worker!.start();
      await expectHealedByItself(healingId, healing);
      await eventually(async () => (await lockstep.connector(id)).observedState === 'resync_required', {
        timeoutMs: PATIENCE_MS,
        what: 'resync_required',
      });
      const { conditions } = await lockstep.connector(id);
      expect(conditions.map(({ code }) => code)).toEqual(['SOURCE_HISTORY_LOST']);
      const { body: metrics } = await httpText(`${worker!.url}/metrics`);
      expect(metrics).not.toMatch(new RegExp(`lockstep_(stream_lag|oplog_headroom)_seconds{connector="${id}"}`));
      expect(await count(sides.index)).toBe(BEFORE);

      const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { timeoutMs: PATIENCE_MS });
      expect((await lockstep.job(jobId)).counters.deleted).toBe(DOOMED);
      const { checked } = await expectInLockstep(sides, { timeoutMs: PATIENCE_MS });
      expect(checked).toBe(BEFORE - DOOMED + ADDED);
      await lockstep.untilStreaming(id, PATIENCE_MS);
      await expectRollbackRefused(healingId, healing);
    },
    4 * PATIENCE_MS,
  );

  /** A new generation is filled behind the one that serves: at no time does a search find less than before. */
  async function expectHealedByItself(id: string, sides: ComparedSides): Promise<void> {
    const seen: { readonly index: string; readonly count: number }[] = [];
    const resync = await eventually(
      async () => {
        seen.push({ index: await behind(sides.index), count: await count(sides.index) });
        return (await lockstep.jobs(id, 'bulk_sync')).find(({ state, mode }) => state === 'completed' && mode !== null);
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 100, what: 'a resync that nobody asked for' },
    );
    expect(resync).toMatchObject({ requestedBy: 'policy', mode: 'newGeneration' });
    const { checked } = await expectInLockstep(sides, { timeoutMs: PATIENCE_MS });
    expect(checked).toBe(BEFORE - DOOMED + ADDED);
    expect(Math.min(...seen.map((look) => look.count))).toBeGreaterThanOrEqual(BEFORE);
    seen.push({ index: await behind(sides.index), count: await count(sides.index) });
    expect([...new Set(seen.map(({ index }) => index))]).toEqual([`${sides.index}-000001`, `${sides.index}-000002`]);
    await lockstep.untilStreaming(id, PATIENCE_MS);
    const jobs = await lockstep.jobs(id);
    expect(jobs.filter(({ state }) => state === 'failed').map(({ error }) => error?.code)).toEqual([
      'SOURCE_HISTORY_LOST',
    ]);
  }

  /** The generation before cannot come back without its history: nothing changes. */
  async function expectRollbackRefused(id: string, sides: ComparedSides): Promise<void> {
    const jobId = (await lockstep.act(id, 'rollback'))!;
    const failed = await eventually(
      async () => {
        const job = await lockstep.job(jobId);
        return ['completed', 'failed', 'canceled'].includes(job.state) ? job : undefined;
      },
      { timeoutMs: PATIENCE_MS, what: 'the rollback to end' },
    );
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'SOURCE_HISTORY_LOST' } });
    expect(await behind(sides.index)).toBe(`${sides.index}-000002`);
    const { body } = await lockstep.call('GET', `/api/v1/connectors/${id}/generations`);
    const states = (body as { items: { number: number; state: string }[] }).items;
    expect(states).toMatchObject([
      { number: 1, state: 'retired' },
      { number: 2, state: 'serving' },
    ]);
    await orders.insertOne(shopOrders(1, 90_000)[0]!);
    await expectInLockstep(sides, { timeoutMs: PATIENCE_MS });
    await lockstep.untilStreaming(id, PATIENCE_MS);
  }

  async function behind(alias: string): Promise<string> {
    return Object.keys((await httpJson(`${elasticsearchUrl}/_alias/${alias}`)).body as object).join(' ');
  }

  async function count(index: string): Promise<number> {
    const answer = await fetch(`${elasticsearchUrl}/${index}/_count`);
    return ((await answer.json()) as { count: number }).count;
  }

  /** Writes elsewhere until the oldest entry of the oplog is younger than anything before. */
  async function rollOver(): Promise<void> {
    const oplog = client.db('local').collection('oplog.rs');
    const oldest = async () => (await oplog.find().sort({ $natural: 1 }).limit(1).next())!.ts as { t: number };
    const now = await client.db('admin').command({ ping: 1 });
    const mustPass = (now.operationTime as { t: number }).t;
    const filler = client.db(`${database}-filler`).collection('filler');
    const text = 'x'.repeat(1024 * 1024);
    await eventually(
      async () => {
        await filler.insertMany(Array.from({ length: 4 }, () => ({ text })));
        await filler.deleteMany({});
        return (await oldest()).t > mustPass;
      },
      { timeoutMs: 2 * PATIENCE_MS, intervalMs: 250, what: 'the oplog to roll over' },
    );
  }
});
