import { MongoClient, type Collection } from 'mongodb';
import { eventually, expectInLockstep, httpJson, LockstepInstance, testServers, uniqueName } from '@lockstep/testing';

const { mongodbUrl, elasticsearchUrl } = testServers();
const TOTAL = 5_000;
const REFUSED = TOTAL / 20;

describe('dead letters from refusal to repair', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('dead');
  let orders: Collection<{ _id: number; amount: unknown }>;
  let path: string;

  const open = async (): Promise<number> => {
    const lines = await (await fetch(`${lockstep.api.url}${path}/export`)).text();
    return lines.split('\n').length - 1;
  };
  const settled = (): Promise<boolean> =>
    eventually(async () => !(await (await fetch(`${lockstep.api.url}${path}/export`)).text()).includes('requestedAt'), {
      timeoutMs: 30_000,
      what: 'all retries to be made',
    });

  beforeAll(async () => {
    await client.connect();
    orders = client.db(database).collection('orders');
    const amount = (n: number): unknown => (n % 20 === 7 ? `about ${String(n)}` : n);
    await orders.insertMany(Array.from({ length: TOTAL }, (_, n) => ({ _id: n, amount: amount(n) })));
    // Behind it the last order is older than the scan's H: the stream does not bring it a second time.
    await client.db(database).collection('other').insertOne({});
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
  }, 60_000);

  it('refuses 5 % without cost to the rest, and writes them all once the mapping takes them', async () => {
    const mappings = { properties: { amount: { type: 'long' } } };
    const source = { uri: mongodbUrl, database, collections: ['orders'] };
    const id = await lockstep.sync({ name: database, source, sink: { index: `${database}-{collection}`, mappings } });
    path = `/api/v1/connectors/${id}/dead-letters`;
    const [bulk] = await lockstep.jobs(id, 'bulk_sync');
    expect(bulk!.counters).toMatchObject({ indexed: TOTAL - REFUSED, deadLettered: REFUSED });
    expect(await open()).toBe(REFUSED);

    // Nothing was mended: all are refused again, stay open, and the connector goes on.
    expect((await lockstep.call('POST', `${path}/actions/retry`)).body).toEqual({ count: REFUSED });
    await settled();
    const { items } = (await lockstep.call('GET', path)).body as { items: { seenCount: number }[] };
    expect(items.every(({ seenCount }) => seenCount === 2)).toBe(true);
    expect(await open()).toBe(REFUSED);
    expect((await lockstep.connector(id)).observedState).toBe('streaming');

    const mending = { properties: { amount: { type: 'long', ignore_malformed: true } } };
    const put = await httpJson(`${elasticsearchUrl}/${database}-orders/_mapping`, { method: 'PUT', body: mending });
    expect(put.status).toBe(200);
    await orders.deleteOne({ _id: 27 });
    expect((await lockstep.call('POST', `${path}/actions/retry`, { field: 'amount' })).status).toBe(202);
    // Newer writes race with the retry.
    for (let n = 7; n < 1_000; n += 20) await orders.updateOne({ _id: n }, { $set: { amount: `newer ${String(n)}` } });
    await eventually(async () => (await open()) === 0, { timeoutMs: 30_000, what: 'no open dead letter' });
    const sides = { mongodbUrl, elasticsearchUrl, database, collection: 'orders', index: `${database}-orders` };
    expect((await expectInLockstep(sides)).checked).toBe(TOTAL - 1);
  }, 180_000);
});
