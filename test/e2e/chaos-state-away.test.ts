import { MongoClient, type Collection } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  TcpFaultProxy,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { PATIENCE_MS, Writer } from './chaos-harness';
import { shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
const SOON = { timeoutMs: PATIENCE_MS };
const SHORT_LEASES = { LOCKSTEP_LEASE_TTL_MS: '3000', LOCKSTEP_HEARTBEAT_INTERVAL_MS: '500' };
/** Only a second signal ends a worker before that. */
const LONG_GRACE = { LOCKSTEP_SHUTDOWN_GRACE_MS: '300000' };

describe('state that is out of reach for longer than a lease lives', () => {
  const database = uniqueName('away');
  const index = `${database}-orders`;
  const client = new MongoClient(mongodbUrl);
  let orders: Collection;
  let wire: TcpFaultProxy;
  let lockstep: LockstepInstance;

  beforeAll(async () => {
    await client.connect();
    orders = client.db(database).collection('orders');
    await orders.insertMany(shopOrders(1_000));
    wire = await TcpFaultProxy.start(Number(new URL(elasticsearchUrl).port));
    lockstep = new LockstepInstance({
      elasticsearchUrl: `http://127.0.0.1:${wire.port}`,
      env: { ...SHORT_LEASES, ...LONG_GRACE },
    });
    await lockstep.start();
  }, PATIENCE_MS);

  afterAll(async () => {
    wire?.heal();
    await lockstep?.stop();
    await wire?.stop();
    await httpJson(`${elasticsearchUrl}/${index}-000001`, { method: 'DELETE' });
    await client.db(database).dropDatabase();
    await client.close();
  }, PATIENCE_MS);

  it(
    'fences the worker, which writes nothing more although the target is there, and goes on when it is back',
    async () => {
      const [worker] = lockstep.workers;
      const id = await lockstep.sync({
        name: 'away',
        source: { uri: mongodbUrl, database, collections: ['orders'] },
        sink: { index, elasticsearch: { url: elasticsearchUrl } },
      });
      const writer = new Writer(orders);
      await writer.roundsOn(5);
      wire.inject({ kind: 'blackHole' });
      await eventually(() => worker!.output.includes('lease.lost'), { ...SOON, what: 'the fence' });
      // A request that was on its way may still arrive; nothing does after it.
      let written = -1;
      await eventually(
        async () => {
          const before = written;
          await writer.roundsOn(5);
          written = await operations();
          return written === before;
        },
        { ...SOON, what: 'the writes to end' },
      );
      await writer.roundsOn(20);
      expect(await operations()).toBe(written);
      expect((await httpJson(`${worker!.url}/health/ready`)).status).toBe(503);

      wire.heal();
      await eventually(async () => (await httpJson(`${worker!.url}/health/ready`)).status === 200, SOON);
      await lockstep.untilStreaming(id, PATIENCE_MS);
      await writer.roundsOn(5);
      await writer.end();
      const sides: ComparedSides = { mongodbUrl, elasticsearchUrl, database, collection: 'orders', index };
      expect((await expectInLockstep(sides, SOON)).checked).toBeGreaterThan(0);
    },
    3 * PATIENCE_MS,
  );

  it(
    'is waited for by a worker that stops, until it is told a second time',
    async () => {
      const [worker] = lockstep.workers;
      wire.inject({ kind: 'blackHole' });
      worker!.kill('SIGTERM');
      const isReady = (): Promise<boolean> =>
        httpJson(`${worker!.url}/health/ready`).then(
          ({ status }) => status === 200,
          () => false,
        );
      await eventually(async () => !(await isReady()), { ...SOON, what: 'the end of readiness' });
      expect(worker!.isRunning).toBe(true);
      worker!.kill('SIGTERM');
      expect(await worker!.ended()).toBe(1);
    },
    PATIENCE_MS,
  );

  /** Writes and deletions that the target has carried out. */
  async function operations(): Promise<number> {
    const { body } = await httpJson(`${elasticsearchUrl}/${index}/_stats/indexing`);
    const { index_total: indexed, delete_total: deleted } = body._all.primaries.indexing;
    return (indexed as number) + (deleted as number);
  }
});
