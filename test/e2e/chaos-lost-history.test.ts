import { MongoClient, type Collection } from 'mongodb';
import {
  eventually,
  expectInLockstep,
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
    await orders.insertMany(shopOrders(500));
    await lockstep.start();
  }, PATIENCE_MS);

  afterAll(async () => {
    await lockstep.stop();
    await client?.close();
    await set?.stop();
  }, PATIENCE_MS);

  it(
    'asks for a resync, goes on serving, and is healed by it, deletions included',
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
      await expectInLockstep(sides);
      const [worker] = lockstep.workers;
      expect(await worker!.stop('SIGTERM')).toBe(0);

      const doomed = await orders.find().limit(40).toArray();
      await orders.deleteMany({ _id: { $in: doomed.map(({ _id }) => _id) } });
      await orders.insertMany(shopOrders(30, 10_000));
      await rollOver();

      await worker!.start();
      await eventually(async () => (await lockstep.connector(id)).observedState === 'resync_required', {
        timeoutMs: PATIENCE_MS,
        what: 'resync_required',
      });
      const { conditions } = await lockstep.connector(id);
      expect(conditions.map(({ code }) => code)).toContain('SOURCE_HISTORY_LOST');
      const counted = await fetch(`${elasticsearchUrl}/${database}-orders/_count`);
      expect(((await counted.json()) as { count: number }).count).toBe(500);

      const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { timeoutMs: PATIENCE_MS });
      expect((await lockstep.job(jobId)).counters.deleted).toBe(40);
      const { checked } = await expectInLockstep(sides, { timeoutMs: PATIENCE_MS });
      expect(checked).toBe(490);
      await lockstep.untilStreaming(id, PATIENCE_MS);
    },
    4 * PATIENCE_MS,
  );

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
