import { MongoClient, type Collection, type Db } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { shopOrder, shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();

describe('a connector from start to stream', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('shop');
  let db: Db;
  let orders: Collection;

  const definition = (name: string, collections: string[]): Record<string, unknown> => ({
    name,
    source: { uri: mongodbUrl, database, collections },
    sink: { index: `{database}-${name}-{collection}` },
  });

  const sides = (name: string, collection: string): ComparedSides => ({
    mongodbUrl,
    elasticsearchUrl,
    database,
    collection,
    index: `${database}-${name}-${collection}`,
  });

  beforeAll(async () => {
    await client.connect();
    db = client.db(database);
    orders = db.collection('orders');
    await orders.insertMany(shopOrders(3_000));
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await db.dropDatabase();
    await client.close();
  }, 60_000);

  it('copies everything, then follows inserts, updates, replacements, deletes and a transaction', async () => {
    const id = await lockstep.sync(definition('first', ['orders']));
    const copied = await expectInLockstep(sides('first', 'orders'));
    expect(copied.checked).toBe(3_000);

    const [one, two, three] = await orders.find().limit(3).toArray();
    await orders.insertMany(shopOrders(100, 10_000));
    await orders.updateOne({ _id: one!._id }, { $set: { title: 'changed' } });
    await orders.replaceOne({ _id: two!._id }, shopOrder(77_777));
    await orders.deleteOne({ _id: three!._id });
    await client.withSession((session) =>
      session.withTransaction(async () => {
        const { insertedId } = await orders.insertOne(shopOrder(88_888), { session });
        await orders.updateOne({ _id: insertedId }, { $set: { title: 'within' } }, { session });
        const gone = await orders.insertOne(shopOrder(99_999), { session });
        await orders.deleteOne({ _id: gone.insertedId }, { session });
        await orders.deleteMany({ number: { $lt: 9_007_199_254_741_000 } }, { session });
      }),
    );
    const followed = await expectInLockstep(sides('first', 'orders'));
    expect(followed.checked).toBe(await orders.countDocuments());

    const [bulk] = await lockstep.jobs(id, 'bulk_sync');
    expect(bulk).toMatchObject({ state: 'completed', error: null, counters: { deadLettered: 0 } });
    // A document that changed just before the start is written by the scan and by the stream.
    expect(bulk!.counters.indexed).toBeGreaterThanOrEqual(3_000);
    expect(await lockstep.jobs(id, 'stream_sync')).toMatchObject([{ state: 'running' }]);
  }, 120_000);

  it('ends a second stream sync that nobody takes up, and leaves the one that runs alone', async () => {
    const { id } = await connectorNamed('first');
    const [stream] = await lockstep.jobs(id, 'stream_sync');
    const jobs = `${elasticsearchUrl}/${lockstep.prefix}-jobs/_doc`;
    const { _source: stored } = (await httpJson(`${jobs}/${stream!.id}`)).body as { _source: object };
    const secondId = `job_${'0'.repeat(26)}`;
    const second = {
      ...stored,
      id: secondId,
      state: 'pending',
      startedAt: null,
      createdAt: '2026-01-01T00:00:00.000Z',
    };
    expect((await httpJson(`${jobs}/${secondId}?refresh=true`, { method: 'PUT', body: second })).status).toBe(201);
    await eventually(async () => (await lockstep.job(secondId)).state === 'canceled', { timeoutMs: 60_000 });
    expect((await lockstep.job(stream!.id)).state).toBe('running');
    expect((await lockstep.connector(id)).desiredState).toBe('running');
  }, 120_000);

  it('takes an insert and a delete over within ten seconds each', async () => {
    const { insertedId } = await orders.insertOne({ probe: true });
    const path = `${elasticsearchUrl}/${database}-first-orders/_doc/${insertedId.toHexString()}`;
    await eventually(async () => (await fetch(path)).status === 200, { timeoutMs: 10_000 });
    await orders.deleteOne({ _id: insertedId });
    await eventually(async () => (await fetch(path)).status === 404, { timeoutMs: 10_000 });
  }, 60_000);

  it('follows a capped collection, what leaves it at its end included', async () => {
    const recent = await db.createCollection('recent', { capped: true, size: 10_000_000, max: 100 });
    await recent.insertMany(shopOrders(100));
    await lockstep.sync(definition('capped', ['recent']));
    expect((await expectInLockstep(sides('capped', 'recent'))).checked).toBe(100);
    await recent.insertMany(shopOrders(10, 100));
    expect((await expectInLockstep(sides('capped', 'recent'))).checked).toBe(100);
  }, 120_000);

  it('goes on where it was after SIGTERM, with deletes made while it was down', async () => {
    const [worker] = lockstep.workers;
    expect(await worker!.stop('SIGTERM')).toBe(0);
    const doomed = await orders.find().limit(200).toArray();
    await orders.deleteMany({ _id: { $in: doomed.map(({ _id }) => _id) } });
    await orders.insertMany(shopOrders(50, 20_000));
    await worker!.start();
    await expectInLockstep(sides('first', 'orders'));
  }, 120_000);

  it('goes on where it was after SIGKILL in the middle of the stream', async () => {
    const [worker] = lockstep.workers;
    const writing = (async () => {
      for (let i = 0; i < 40; i += 1) {
        await orders.insertMany(shopOrders(25, 30_000 + i * 25));
        await orders.updateMany({ number: { $gt: 9_007_199_254_770_000 } }, { $inc: { quantity: 1 } });
        if (i === 15) await worker!.stop('SIGKILL');
      }
    })();
    await writing;
    expect(worker!.isRunning).toBe(false);
    await worker!.start();
    await expectInLockstep(sides('first', 'orders'), { timeoutMs: 60_000 });
  }, 120_000);

  it('resyncs in place and sweeps orphans, but only as far as the brake lets it', async () => {
    const [first] = await lockstep.jobs((await connectorNamed('first')).id, 'stream_sync');
    expect(first?.state).toBe('running');
    const { id } = await connectorNamed('first');
    const path = `${elasticsearchUrl}/${database}-first-orders-000001/_doc`;
    for (let i = 0; i < 20; i += 1) {
      await fetch(`${path}/${i.toString(16).padStart(24, '0')}?refresh=true`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"title":"orphan"}',
      });
    }
    const jobId = await lockstep.act(id, 'resync', { mode: 'inPlace' });
    await eventually(async () => (await lockstep.job(jobId!)).state === 'completed', { timeoutMs: 60_000 });
    expect((await lockstep.job(jobId!)).counters.deleted).toBe(20);
    await expectInLockstep(sides('first', 'orders'));
  }, 120_000);

  it('holds suspiciously large removals until they are confirmed, collection by collection', async () => {
    const names = ['few', 'fewer', 'many'];
    for (const name of names) await db.collection(name).insertMany(shopOrders(name === 'many' ? 100 : 10));
    const id = await lockstep.sync(definition('braked', names));
    const counted = async (name: string): Promise<number> => {
      const answer = await fetch(`${elasticsearchUrl}/${database}-braked-${name}/_count`);
      return ((await answer.json()) as { count: number }).count;
    };
    for (const name of names) {
      const orphans = Array.from({ length: 8 }, (_, i) => i.toString(16).padStart(24, '0'))
        .map((orphan) => `{"index":{"_id":"${orphan}"}}\n{"title":"orphan"}\n`)
        .join('');
      await fetch(`${elasticsearchUrl}/${database}-braked-${name}-000001/_bulk?refresh=true`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: orphans,
      });
    }
    const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
    const heldAre = (held: readonly string[]): Promise<boolean> =>
      eventually(
        async () => {
          const { heldCollections, condition } = await lockstep.job(jobId);
          if ([...heldCollections].sort().join() === held.join()) return true;
          throw new Error(JSON.stringify({ heldCollections, condition }));
        },
        { timeoutMs: 60_000, what: `the brake to hold ${held.join()}` },
      );
    await heldAre(['few', 'fewer']);
    await eventually(async () => (await lockstep.connector(id)).conditions.length === 2, {
      timeoutMs: 60_000,
      what: 'a condition for each',
    });
    expect((await lockstep.job(jobId)).condition?.message).toMatch(/8 of 18 .*-few-.*; 8 of 18 .*-fewer-/);
    // What is no reason to ask goes on, and so does the stream.
    await eventually(async () => (await counted('many')) === 100, { timeoutMs: 60_000, what: 'the small removal' });
    await db.collection('few').insertOne(shopOrder(11));
    await eventually(async () => (await counted('few')) === 19, { timeoutMs: 60_000, what: 'the stream to go on' });

    const confirm = `/api/v1/jobs/${jobId}/actions/confirm`;
    expect((await lockstep.call('POST', confirm, { collections: ['many'] })).body.code).toBe('JOB_STATE_CONFLICT');
    expect((await lockstep.call('POST', confirm, { collections: ['few'] })).status).toBe(202);
    await expectInLockstep(sides('braked', 'few'), { timeoutMs: 60_000 });
    await heldAre(['fewer']);
    expect(await counted('fewer')).toBe(18);
    expect(await lockstep.job(jobId)).toMatchObject({
      state: 'running',
      confirmedCollections: ['few'],
      condition: { code: 'SWEEP_BRAKE_ENGAGED', message: expect.stringMatching(/^8 of 18 .*-fewer-/) },
    });

    expect((await lockstep.call('POST', confirm)).status).toBe(202);
    await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { timeoutMs: 60_000 });
    await expectInLockstep(sides('braked', 'fewer'), { timeoutMs: 60_000 });
    expect((await lockstep.connector(id)).conditions).toEqual([]);
  }, 240_000);

  it('waits for a collection that is missing, and picks it up', async () => {
    const id = await lockstep.createConnector(definition('late', ['later']));
    await lockstep.act(id, 'start');
    await eventually(async () => {
      const { observedState, conditions } = await lockstep.connector(id);
      return observedState === 'waiting' && conditions.some(({ code }) => code === 'SOURCE_COLLECTION_MISSING');
    });
    await db.collection('later').insertMany(shopOrders(25));
    await lockstep.untilStreaming(id);
    await expectInLockstep(sides('late', 'later'));
  }, 120_000);

  it('pauses, resumes and stops on request', async () => {
    const { id } = await connectorNamed('late');
    await lockstep.act(id, 'pause');
    await eventually(async () => (await lockstep.connector(id)).observedState === 'paused');
    await eventually(async () => (await lockstep.jobs(id, 'stream_sync'))[0]?.state === 'paused');
    await db.collection('later').insertMany(shopOrders(25, 500));
    await lockstep.act(id, 'resume');
    await lockstep.untilStreaming(id);
    await expectInLockstep(sides('late', 'later'));
    await lockstep.act(id, 'stop');
    await eventually(async () => (await lockstep.connector(id)).observedState === 'idle');
    await eventually(async () => (await lockstep.jobs(id, 'stream_sync'))[0]?.state === 'canceled');
    await db.collection('later').deleteMany({});
    await db.collection('later').insertMany(shopOrders(5, 900));
    await lockstep.act(id, 'start');
    await lockstep.untilStreaming(id);
    await expectInLockstep(sides('late', 'later'));
  }, 120_000);

  async function connectorNamed(name: string): Promise<{ id: string }> {
    const { body } = await lockstep.call('GET', '/api/v1/connectors');
    return (body.items as { id: string; name: string }[]).find((connector) => connector.name === name)!;
  }
});
