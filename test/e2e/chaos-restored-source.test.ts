import { MongoClient, type Collection } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  startReplicaSet,
  testServers,
  uniqueName,
  type ComparedSides,
  type ReplicaSet,
} from '@lockstep/testing';
import { PATIENCE_MS } from './chaos-harness';
import { shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
const SOON = { timeoutMs: PATIENCE_MS, intervalMs: 200 };

interface Stored {
  readonly position: { readonly h: string; readonly newestChange?: string };
}

describe('a source that is not what it was', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const database = uniqueName('restored');
  const other = new MongoClient(mongodbUrl);
  let set: ReplicaSet;
  let client: MongoClient;
  let orders: Collection;
  let id: string;
  let healingId: string;

  const sides = (name: string): ComparedSides => ({
    ...{ mongodbUrl: set.url, elasticsearchUrl, database, collection: 'orders', index: `${database}-${name}` },
  });
  const stored = async (connectorId: string, partition: number): Promise<Stored['position']> => {
    const key = `${connectorId}:1:${partition}`;
    return ((await httpJson(`${elasticsearchUrl}/${lockstep.prefix}-state/_doc/${key}`)).body._source as Stored)
      .position;
  };
  /** The saved token is younger than any change: the server would take it, as it names nothing that can be missing. */
  const isPastChanges = async (connectorId: string, partition: number): Promise<boolean> => {
    const { h, newestChange } = await stored(connectorId, partition);
    return newestChange !== undefined && h.split('.')[0] !== newestChange.split('.')[0];
  };
  const needsResync = (connectorId: string, code: string) =>
    eventually(
      async () => {
        const { observedState, conditions } = await lockstep.connector(connectorId);
        return observedState === 'resync_required' && conditions.some((condition) => condition.code === code);
      },
      { ...SOON, what: `a resync to be required for ${code}` },
    );

  beforeAll(async () => {
    set = await startReplicaSet();
    client = await new MongoClient(set.url).connect();
    await other.connect();
    orders = client.db(database).collection('orders');
    await orders.insertMany(shopOrders(2_500));
    await lockstep.start();
    id = await lockstep.sync({
      name: 'waits',
      source: { uri: set.url, database, collections: ['orders'], partitions: 2 },
      sink: { index: `${database}-waits` },
    });
    healingId = await lockstep.sync({
      name: 'heals',
      source: { uri: set.url, database, collections: ['orders'], onHistoryLost: 'resync' },
      sink: { index: `${database}-heals` },
    });
  }, 2 * PATIENCE_MS);

  afterAll(async () => {
    await lockstep.stop();
    await other.db(database).dropDatabase();
    await other.close();
    await client?.close();
    await set?.stop();
    for (const name of ['waits-000001', 'heals-000001', 'heals-000002']) {
      await httpJson(`${elasticsearchUrl}/${database}-${name}`, { method: 'DELETE' });
    }
  }, PATIENCE_MS);

  it(
    'is found out when it was restored from a backup: what it has lost goes from the index',
    async () => {
      await set.member.stop();
      await set.member.backUp();
      await set.member.start();
      await set.primary();
      // In both partitions, with documents that only come after the backup.
      await orders.updateMany({}, { $set: { title: 'after the backup' } });
      await orders.insertMany(shopOrders(50, 50_000));
      for (const name of ['waits', 'heals']) await expectInLockstep(sides(name), SOON);
      for (const [connectorId, partition] of [
        [id, 0],
        [id, 1],
        [healingId, 0],
      ] as const) {
        await eventually(() => isPastChanges(connectorId, partition), { ...SOON, what: 'a token behind all changes' });
      }
      await set.member.stop();
      await set.member.restoreBackup();
      await set.member.start();
      await set.primary();
      await needsResync(id, 'SOURCE_POSITION_INVALID');
      await expectInLockstep(sides('heals'), SOON);
      const healed = (await lockstep.jobs(healingId, 'bulk_sync')).find(({ mode }) => mode === 'newGeneration');
      expect(healed).toMatchObject({ requestedBy: 'policy' });
      const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { ...SOON, what: 'the resync' });
      await expectInLockstep(sides('waits'), SOON);
    },
    4 * PATIENCE_MS,
  );

  it(
    'is found out when it is another replica set of the same name, and nothing of that one is indexed',
    async () => {
      await orders.updateMany({}, { $set: { title: 'ours' } });
      await expectInLockstep(sides('heals'), SOON);
      await other.db(database).collection('orders').insertMany(shopOrders(100, 70_000));
      const patch = (uri: string) => lockstep.call('PATCH', `/api/v1/connectors/${healingId}`, { source: { uri } });
      expect((await patch(mongodbUrl)).status).toBe(200);
      // However eager its policy is, this one waits for a person.
      await needsResync(healingId, 'SOURCE_IDENTITY_CHANGED');
      await expectInLockstep(sides('heals'), SOON);
      expect((await patch(set.url)).status).toBe(200);
      await orders.updateMany({}, { $set: { title: 'ours again' } });
      await lockstep.untilStreaming(healingId, PATIENCE_MS);
      await expectInLockstep(sides('heals'), SOON);
    },
    2 * PATIENCE_MS,
  );
});
