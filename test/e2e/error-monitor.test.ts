import { Int32, MongoClient, type Document } from 'mongodb';
import { eventually, expectInLockstep, httpJson, LockstepInstance, testServers, uniqueName } from '@lockstep/testing';
import { openLetters } from './open-letters';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 60_000 };

jest.setTimeout(180_000);

describe('the limits of the error monitor', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('monitor');
  const index = `${database}-orders`;

  const document = (n: number, amount: unknown): Document => ({ _id: new Int32(n), amount });
  const refused = (from: number, count: number): Document[] =>
    Array.from({ length: count }, (_, n) => document(from + n, 'about one'));

  beforeAll(async () => {
    await client.connect();
    await client
      .db(database)
      .collection('orders')
      .insertMany([document(0, 1), ...refused(1, 9), document(50, 1)]);
    await client.db(database).collection('later').insertOne({});
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
    await httpJson(`${elasticsearchUrl}/${index}-000001`, { method: 'DELETE' });
  }, 60_000);

  it('stop a sync and let it go on when they are changed, without a resync', async () => {
    const orders = client.db(database).collection('orders');
    const id = await lockstep.sync({
      name: database,
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: {
        index,
        mappings: { properties: { amount: { type: 'long' } } },
        errorMonitor: { consecutive: 10 },
      },
    });
    const except = async (): Promise<ReadonlySet<string>> =>
      new Set((await openLetters(lockstep, id)).map(({ documentId }) => documentId));
    const sides = { mongodbUrl, elasticsearchUrl, database, collection: 'orders', index };
    expect((await expectInLockstep({ ...sides, except: await except() }, SOON)).checked).toBe(2);
    const [bulk] = await lockstep.jobs(id, 'bulk_sync');

    await orders.insertMany([...refused(100, 30), document(200, 1)]);
    await eventually(
      async () => {
        const { observedState, conditions } = await lockstep.connector(id);
        if (observedState === 'failed' && conditions[0]?.code === 'SINK_ERROR_MONITOR_TRIPPED') return true;
        throw new Error(`${observedState} ${JSON.stringify(conditions)}`);
      },
      { ...SOON, what: 'the error monitor to stop the sync' },
    );

    const change = { sink: { errorMonitor: { consecutive: 1_000, ratio: 1 } } };
    expect((await lockstep.call('PATCH', `/api/v1/connectors/${id}`, change)).status).toBe(200);
    await lockstep.untilStreaming(id);
    await orders.insertOne(document(201, 1));
    await eventually(async () => (await except()).size === 39, { ...SOON, what: '39 dead letters' });
    expect((await expectInLockstep({ ...sides, except: await except() }, SOON)).checked).toBe(4);
    expect(await lockstep.jobs(id, 'bulk_sync')).toMatchObject([{ id: bulk!.id, state: 'completed' }]);
  });
});
