import { MongoClient } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  LockstepInstance,
  startElasticsearchCluster,
  testServers,
  uniqueName,
  type ElasticsearchCluster,
} from '@lockstep/testing';
import { PATIENCE_MS, Writer } from '../e2e/chaos-harness';
import { shopOrders } from '../e2e/shop-data';

const { mongodbUrl } = testServers();
const SHORT_LEASES = { LOCKSTEP_LEASE_TTL_MS: '6000', LOCKSTEP_HEARTBEAT_INTERVAL_MS: '1000' };

describe('an Elasticsearch of three nodes, with the state and the target', () => {
  const database = uniqueName('cluster');
  const client = new MongoClient(mongodbUrl);
  const orders = client.db(database).collection('orders');
  const index = `${database}-orders`;
  let cluster: ElasticsearchCluster;
  let lockstep: LockstepInstance;
  let writer: Writer | undefined;
  let id: string;

  beforeAll(async () => {
    await client.connect();
    await orders.insertMany(shopOrders(5_000));
    cluster = await startElasticsearchCluster();
    lockstep = new LockstepInstance({ elasticsearchUrl: cluster.url, env: SHORT_LEASES });
    await lockstep.start();
    id = await lockstep.sync({
      name: 'cluster',
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: { index },
    });
    await cluster.untilGreen();
  }, 3 * PATIENCE_MS);

  afterAll(async () => {
    await writer?.end();
    await lockstep?.stop();
    await cluster?.[Symbol.asyncDispose]();
    await client.db(database).dropDatabase();
    await client.close();
  }, PATIENCE_MS);

  const agrees = async (): Promise<void> => {
    const sides = { mongodbUrl, elasticsearchUrl: cluster.url, database, collection: 'orders', index };
    expect((await expectInLockstep(sides, { timeoutMs: PATIENCE_MS })).checked).toBeGreaterThan(1_000);
  };

  it(
    'loses nothing when the node with the primary shards is killed behind its answers, again and again',
    async () => {
      writer = new Writer(orders);
      const holders = new Set<string>();
      for (let n = 1; n <= 3; n += 1) {
        await writer.roundsOn(10);
        const node = await cluster.holderOf(`${index}-000001`);
        holders.add(node.name);
        await cluster.kill(node);
        // Its replica is the primary shard now, and takes what comes.
        await writer.roundsOn(10);
        const promoted = await eventually(
          async () => {
            const holder = await cluster.holderOf(`${index}-000001`);
            return holder !== node && holder;
          },
          { timeoutMs: PATIENCE_MS, what: 'another primary shard' },
        );
        holders.add(promoted.name);
        await node.start();
        await cluster.untilGreen();
      }
      await writer.end();
      expect(holders.size).toBeGreaterThan(1);
      await lockstep.untilStreaming(id, PATIENCE_MS);
      await agrees();
    },
    6 * PATIENCE_MS,
  );

  it(
    'comes through a restart of all nodes, one after the other, while a new generation is filled',
    async () => {
      writer = new Writer(orders);
      const resync = (await lockstep.act(id, 'resync'))!;
      for (const node of cluster.nodes) {
        await cluster.kill(node);
        await writer.roundsOn(10);
        await node.start();
        await cluster.untilGreen();
      }
      await writer.end();
      await eventually(async () => (await lockstep.job(resync)).state === 'completed', {
        timeoutMs: PATIENCE_MS,
        what: 'the resync to complete',
      });
      await lockstep.untilStreaming(id, PATIENCE_MS);
      await agrees();
      expect(lockstep.workers.map(({ isRunning }) => isRunning)).toEqual([true]);
    },
    6 * PATIENCE_MS,
  );
});
