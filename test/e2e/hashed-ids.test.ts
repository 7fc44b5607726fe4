import { Decimal128, Double, MongoClient, type Collection, type Document } from 'mongodb';
import { compareBothSides, eventually, expectInLockstep, httpJson, LockstepInstance } from '@lockstep/testing';
import { testServers, uniqueName } from '@lockstep/testing';
import { openLetters } from './open-letters';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 60_000 };

jest.setTimeout(180_000);

/** `_id`s whose Elasticsearch ids are hashes. */
const text = (name: string): string => `${name} `.repeat(300);
const UNUSUAL = [
  Decimal128.fromString('1.5E+6000'),
  Decimal128.fromString('-1E-6176'),
  new Double(Number.MIN_VALUE),
  { long: text('key'), list: [1, null, { n: new Double(0.1) }] },
];

describe('documents whose ids are hashed', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('hashed');
  const index = `${database}-orders`;
  const sides = { mongodbUrl, elasticsearchUrl, database, collection: 'orders', index };
  let orders: Collection<Document>;
  let id: string;
  let path: string;

  const good = (_id: unknown): Document => ({ _id, amount: 1 });
  const bad = (_id: unknown): Document => ({ _id, amount: 'about one' });
  /** The typed texts of the `_id`s of open dead letters. */
  const open = async (): Promise<string[]> =>
    (await openLetters(lockstep, id)).map((letter) => letter.originalId).sort();
  const retry = async (): Promise<void> => {
    expect((await lockstep.call('POST', `${path}/actions/retry`)).status).toBe(202);
    await eventually(
      async () => !(await (await fetch(`${lockstep.api.url}${path}/export`)).text()).includes('requestedAt'),
      { ...SOON, what: 'all retries to be made' },
    );
  };
  const resync = async (): Promise<string> => {
    const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
    await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { ...SOON, what: 'the resync' });
    return jobId;
  };
  const keptIds = async (): Promise<number> => {
    const kept = `${elasticsearchUrl}/${lockstep.prefix}-document-ids`;
    await httpJson(`${kept}/_refresh`, { method: 'POST' });
    return ((await httpJson(`${kept}/_count`)).body as { count: number }).count;
  };

  beforeAll(async () => {
    await client.connect();
    orders = client.db(database).collection('orders');
    for (const _id of [...UNUSUAL, text('a'), text('b'), 'short']) await orders.insertOne(good(_id));
    for (const _id of [text('refused'), 'brief']) await orders.insertOne(bad(_id));
    await client.db(database).collection('other').insertOne({});
    await lockstep.start();
    id = await lockstep.sync({
      name: database,
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: { index, brakeRatio: 1, mappings: { properties: { amount: { type: 'long' } } } },
    });
    path = `/api/v1/connectors/${id}/dead-letters`;
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
    await httpJson(`${elasticsearchUrl}/${index}-000001`, { method: 'DELETE' });
  }, 60_000);

  it('are repaired from their dead letters, which tell the whole _id', async () => {
    await orders.insertOne(bad(text('streamed')));
    await eventually(async () => (await open()).length === 3, SOON);
    expect(await open()).toEqual(['brief', text('refused'), text('streamed')]);
    await retry();
    const letters = (await lockstep.call('GET', path)).body.items as { seenCount: number; note: string | null }[];
    expect(letters.map(({ seenCount, note }) => [seenCount, note])).toEqual([[2, null], [2, null], [2, null]]); // prettier-ignore

    const mending = { properties: { amount: { type: 'long', ignore_malformed: true } } };
    expect((await httpJson(`${elasticsearchUrl}/${index}/_mapping`, { method: 'PUT', body: mending })).status).toBe(
      200,
    );
    await retry();
    expect(await open()).toEqual([]);
    expect((await expectInLockstep(sides, SOON)).checked).toBe(10);
  });

  it('come and go with the stream, and leave nothing behind', async () => {
    const before = await keptIds();
    await orders.insertMany([good(text('c')), good(text('d'))] as never);
    await orders.updateOne({ _id: text('c') as never }, { $set: { amount: 2 } });
    await expectInLockstep(sides, SOON);
    expect(await keptIds()).toBe(before + 2);
    await orders.deleteMany({ _id: { $in: [text('c'), text('d')] as never[] } });
    await expectInLockstep(sides, SOON);
    await eventually(async () => (await keptIds()) === before, { ...SOON, what: 'nothing to be kept of what is gone' });
  });

  it('are swept when they are no longer in the source, and only then', async () => {
    const stays = [UNUSUAL[0], UNUSUAL[3], text('a'), 'short'];
    await orders.drop();
    await eventually(async () => (await lockstep.connector(id)).observedState === 'attention', SOON);
    for (const _id of stays) await orders.insertOne(good(_id));
    expect((await compareBothSides(sides)).extra).toHaveLength(6);
    await resync();
    expect((await expectInLockstep(sides, SOON)).checked).toBe(stays.length);
    expect(await keptIds()).toBe(3);
  });

  it('are left alone when nothing tells their _id', async () => {
    const strange = `{"$sha256":"${'0'.repeat(64)}"}`;
    const url = `${elasticsearchUrl}/${index}-000001/_doc/${encodeURIComponent(strange)}?refresh=true`;
    expect((await httpJson(url, { method: 'PUT', body: { amount: 1 } })).status).toBe(201);
    await resync();
    expect(await compareBothSides(sides)).toMatchObject({ missing: [], wrong: [], extra: [strange] });
    expect(lockstep.workers[0]!.output).toContain('1 left because nothing tells their _id');
  });
});
