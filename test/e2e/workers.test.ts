import { MongoClient, type Collection } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();

describe('workers that come and go', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: { LOCKSTEP_SCAN_TURN_MS: '200' } });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('workers');
  let orders: Collection;
  const sides: ComparedSides = {
    mongodbUrl,
    elasticsearchUrl,
    database,
    collection: 'orders',
    index: `${database}-orders`,
  };

  beforeAll(async () => {
    await client.connect();
    orders = client.db(database).collection('orders');
    for (let i = 0; i < 4; i += 1) await orders.insertMany(shopOrders(5_000, i * 5_000));
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
  }, 60_000);

  it('resumes a scan after SIGKILL, with changes and deletions made meanwhile', async () => {
    const [worker] = lockstep.workers;
    const id = await lockstep.createConnector({
      name: 'orders',
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: { index: '{database}-{collection}' },
    });
    const jobId = (await lockstep.act(id, 'start'))!;
    await eventually(async () => (await lockstep.job(jobId)).progress.done > 2_000, {
      timeoutMs: 60_000,
      intervalMs: 20,
    });
    await worker!.stop('SIGKILL');
    expect((await lockstep.job(jobId)).state).toBe('running');
    const ids = await orders
      .find({}, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray();
    const early = ids.slice(0, 100).map(({ _id }) => _id);
    const late = ids.slice(-100).map(({ _id }) => _id);
    await orders.deleteMany({ _id: { $in: [...early.slice(0, 50), ...late.slice(0, 50)] } });
    await orders.updateMany(
      { _id: { $in: [...early.slice(50), ...late.slice(50)] } },
      { $set: { title: 'meanwhile' } },
    );
    await worker!.start();
    await lockstep.untilStreaming(id);
    await expectInLockstep(sides, { timeoutMs: 60_000 });
    expect((await lockstep.job(jobId)).state).toBe('completed');
  }, 180_000);

  it('hands a connector to the other worker when one dies', async () => {
    await lockstep.startWorker();
    const holder = await holderOf();
    holder.kill('SIGKILL');
    await orders.insertMany(shopOrders(100, 100_000));
    await orders.deleteMany({ title: 'meanwhile' });
    await expectInLockstep(sides, { timeoutMs: 90_000 });
    // The API calls a worker dead once it has watched its heartbeat stand still for the time of a lease.
    await eventually(
      async () => {
        const { body } = await lockstep.call('GET', '/api/v1/workers');
        const workers = body.items as { partitions: string[]; isAlive: boolean; pid: number }[];
        const holders = workers.filter(({ isAlive, partitions }) => isAlive && partitions.length > 0);
        return holders.length === 1 && holders[0]!.pid !== holder.pid;
      },
      { timeoutMs: 60_000, what: 'one living holder, and not the dead one' },
    );
  }, 180_000);

  it('a scan that is canceled stops; the connector starts again where it was', async () => {
    const id = await lockstep.createConnector({
      name: 'canceled',
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: { index: 'canceled-{database}-{collection}' },
    });
    const jobId = (await lockstep.act(id, 'start'))!;
    await eventually(async () => (await lockstep.job(jobId)).progress.done > 2_000, {
      timeoutMs: 60_000,
      intervalMs: 20,
    });
    expect((await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/cancel`)).status).toBe(202);
    await eventually(async () => (await lockstep.job(jobId)).state === 'canceled', { timeoutMs: 30_000 });
    await eventually(async () => (await lockstep.connector(id)).observedState === 'idle', { timeoutMs: 30_000 });
    expect((await lockstep.connector(id)).desiredState).toBe('stopped');
    await lockstep.act(id, 'start');
    await lockstep.untilStreaming(id);
    await expectInLockstep({ ...sides, index: `canceled-${database}-orders` }, { timeoutMs: 60_000 });
  }, 180_000);

  it('connectors are spread evenly over the workers, anew when one comes or goes', async () => {
    const returns = client.db(database).collection('returns');
    await returns.insertMany(shopOrders(500));
    for (const name of ['third', 'fourth']) {
      const id = await lockstep.createConnector({
        name,
        source: { uri: mongodbUrl, database, collections: ['returns'] },
        sink: { index: `${name}-{database}-{collection}` },
      });
      await lockstep.act(id, 'start');
      await lockstep.untilStreaming(id);
    }
    await expectHeld([4]);
    const added = await lockstep.startWorker();
    await changeSome();
    await expectHeld([2, 2]);
    await changeSome();
    await lockstep.startWorker();
    await expectHeld([1, 1, 2]);
    await added.stop('SIGTERM');
    await changeSome();
    await expectHeld([2, 2]);
    for (const prefix of ['', 'canceled-']) {
      await expectInLockstep({ ...sides, index: `${prefix}${database}-orders` }, { timeoutMs: 60_000 });
    }
    for (const prefix of ['third-', 'fourth-']) {
      const index = `${prefix}${database}-returns`;
      await expectInLockstep({ ...sides, collection: 'returns', index }, { timeoutMs: 60_000 });
    }
  }, 600_000);

  let round = 0;
  /** Updates and deletes some documents of every collection. */
  async function changeSome(): Promise<void> {
    round += 1;
    for (const collection of ['orders', 'returns']) {
      const documents = client.db(database).collection(collection);
      await documents.updateMany({ quantity: round }, { $set: { round } });
      await documents.deleteMany({ quantity: round, isPaid: true });
    }
  }

  /** So many partitions are held by each of the workers that live. */
  async function expectHeld(expected: readonly number[]): Promise<void> {
    await eventually(
      async () => {
        const { body } = await lockstep.call('GET', '/api/v1/workers');
        const alive = (body.items as { partitions: string[]; isAlive: boolean }[]).filter(({ isAlive }) => isAlive);
        const held = alive.map(({ partitions }) => partitions.length).sort();
        return JSON.stringify(held) === JSON.stringify(expected);
      },
      // A worker that took what another one should have keeps it for a minute.
      { timeoutMs: 150_000, what: `${expected.join(', ')} partitions held` },
    );
  }

  /** The worker process that holds the only connector. */
  async function holderOf(): Promise<(typeof lockstep.workers)[number]> {
    return eventually(
      async () => {
        const { body } = await lockstep.call('GET', '/api/v1/workers');
        const holder = (body.items as { partitions: string[]; pid: number; isAlive: boolean }[]).find(
          ({ partitions, isAlive }) => isAlive && partitions.length > 0,
        );
        return lockstep.workers.find((worker) => worker.isRunning && worker.pid === holder?.pid);
      },
      { timeoutMs: 30_000 },
    );
  }
});
