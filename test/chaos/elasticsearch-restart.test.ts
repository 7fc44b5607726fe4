import { MongoClient } from 'mongodb';
import {
  expectInLockstep,
  LockstepInstance,
  startElasticsearch,
  testServers,
  uniqueName,
  type ComparedSides,
  type ElasticsearchServer,
} from '@lockstep/testing';
import { PATIENCE_MS, Writer } from '../e2e/chaos-harness';
import { shopOrders } from '../e2e/shop-data';

const { mongodbUrl } = testServers();
const SOON = { timeoutMs: PATIENCE_MS };
const SHORT_LEASES = { LOCKSTEP_LEASE_TTL_MS: '3000', LOCKSTEP_HEARTBEAT_INTERVAL_MS: '500' };

describe('an Elasticsearch that is killed and started again under load', () => {
  const database = uniqueName('restart');
  const client = new MongoClient(mongodbUrl);
  let server: ElasticsearchServer;
  let lockstep: LockstepInstance;

  beforeAll(async () => {
    await client.connect();
    server = await startElasticsearch();
    lockstep = new LockstepInstance({ elasticsearchUrl: server.url, env: SHORT_LEASES });
    await lockstep.start();
  }, PATIENCE_MS);

  afterAll(async () => {
    await lockstep?.stop();
    await server?.stop();
    await client.db(database).dropDatabase();
    await client.close();
  }, PATIENCE_MS);

  it(
    'loses nothing of state and target: both sides agree when it is back',
    async () => {
      const orders = client.db(database).collection('orders');
      await orders.insertMany(shopOrders(1_000));
      const definition = { name: 'restart', source: { uri: mongodbUrl, database, collections: ['orders'] } };
      const id = await lockstep.sync({ ...definition, sink: { index: `${database}-orders` } });
      const [bulk] = await lockstep.jobs(id, 'bulk_sync');
      const writer = new Writer(orders);
      await writer.roundsOn(10);
      await server.kill();
      await writer.roundsOn(30);
      await server.start();
      await lockstep.untilStreaming(id, PATIENCE_MS);
      await writer.roundsOn(5);
      await writer.end();
      const sides: ComparedSides = {
        ...{ mongodbUrl, elasticsearchUrl: server.url, database },
        ...{ collection: 'orders', index: `${database}-orders` },
      };
      expect((await expectInLockstep(sides, SOON)).checked).toBeGreaterThan(0);
      expect((await lockstep.jobs(id, 'bulk_sync')).map(({ id: job, state }) => [job, state])).toEqual([
        [bulk!.id, 'completed'],
      ]);
    },
    3 * PATIENCE_MS,
  );
});
