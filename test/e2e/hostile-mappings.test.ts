import { Double, Int32, MongoClient, type Db, type Document } from 'mongodb';
import {
  expectInLockstep,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { openLetters } from './open-letters';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 60_000 };

jest.setTimeout(120_000);

describe('fields whose first documents mislead', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('sampled');
  const indices: string[] = [];
  let db: Db;

  beforeAll(async () => {
    await client.connect();
    db = client.db(database);
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    for (const index of indices) await httpJson(`${elasticsearchUrl}/${index}-000001`, { method: 'DELETE' });
    await db.dropDatabase();
    await client.close();
  }, 120_000);

  const insert = async (collection: string, count: number, make: (n: number) => Document): Promise<void> => {
    const documents = Array.from({ length: count }, (_, n): Document => ({ _id: new Int32(n), ...make(n) }));
    await db.collection(collection).insertMany(documents);
  };

  async function sync(collection: string, sink: object = {}): Promise<{ connectorId: string; sides: ComparedSides }> {
    const index = uniqueName(collection);
    indices.push(index);
    const connectorId = await lockstep.sync({
      name: index,
      source: { uri: mongodbUrl, database, collections: [collection] },
      sink: { index, ...sink },
    });
    return { connectorId, sides: { mongodbUrl, elasticsearchUrl, database, collection, index } };
  }

  const properties = async (index: string): Promise<unknown> => {
    const { body } = await httpJson(`${elasticsearchUrl}/${index}-000001/_mapping`);
    return body[`${index}-000001`].mappings.properties;
  };
  const lettersOf = async (connectorId: string): Promise<string[]> =>
    (await openLetters(lockstep, connectorId)).map(({ documentId, field }) => `${documentId} ${field ?? '–'}`).sort();

  it('are numbers with fractions where the first 500 documents have integers', async () => {
    const amount = (n: number): Int32 | Double => (n < 500 ? new Int32(n) : new Double(n + 0.5));
    await insert('amounts', 3_000, (n) => ({
      amount: amount(n),
      list: n < 500 ? [amount(n)] : [new Int32(n), amount(n)],
    }));
    const { connectorId, sides } = await sync('amounts');
    expect(await properties(sides.index)).toEqual({ amount: { type: 'double' }, list: { type: 'double' } });
    await db
      .collection<{ _id: Int32; amount: Int32 }>('amounts')
      .insertOne({ _id: new Int32(3_000), amount: new Int32(1) });
    expect(await expectInLockstep(sides, SOON)).toMatchObject({ checked: 3_001 });
    expect(await lettersOf(connectorId)).toEqual([]);
    const { body } = await httpJson(`${elasticsearchUrl}/${sides.index}/_search`, {
      body: { size: 0, aggs: { total: { sum: { field: 'amount' } } } },
    });
    // 0 + … + 2 999, a half for each of the last 2 500, and 1.
    expect(body.aggregations.total.value).toBe(4_498_500 + 1_250 + 1);
  });

  it('are text where a number comes first, and refuse nothing', async () => {
    await insert('codes', 1_000, (n) => ({ code: n % 20 === 0 ? new Int32(n) : `code ${n}` }));
    const { connectorId, sides } = await sync('codes');
    expect(await properties(sides.index)).toMatchObject({ code: { type: 'text' } });
    expect(await expectInLockstep(sides, SOON)).toMatchObject({ checked: 1_000 });
    expect(await lettersOf(connectorId)).toEqual([]);
  });

  describe('are text for most, and an object for a few', () => {
    const isObject = (n: number): boolean => n % 20 === 0;
    const objects = Array.from({ length: 50 }, (_, i) => `{"$number":"${i * 20}"} note`).sort();

    beforeAll(() => insert('notes', 1_000, (n) => ({ note: isObject(n) ? { by: `author ${n}` } : `note ${n}` })));

    it('which are the only dead letters by default', async () => {
      const { connectorId, sides } = await sync('notes');
      expect(await lettersOf(connectorId)).toEqual(objects);
      const refused = new Set(objects.map((line) => line.split(' ')[0]!));
      expect(await expectInLockstep({ ...sides, except: refused }, SOON)).toMatchObject({ checked: 950 });
      const { body } = await httpJson(`${elasticsearchUrl}/${sides.index}/_count`, {
        body: { query: { match: { note: '777' } } },
      });
      expect(body.count).toBe(1);
    });

    it.each(['ignoreMalformed', 'string'])('without a dead letter under %s', async (conflicts) => {
      const { connectorId, sides } = await sync('notes', { conflicts });
      expect(await expectInLockstep(sides, SOON)).toMatchObject({ checked: 1_000 });
      expect(await lettersOf(connectorId)).toEqual([]);
      await db
        .collection<{ _id: Int32; note: unknown }>('notes')
        .updateOne({ _id: new Int32(1) }, { $set: { note: [{ by: 'two' }, 7] } });
      expect(await expectInLockstep(sides, SOON)).toMatchObject({ checked: 1_000 });
      expect(await lettersOf(connectorId)).toEqual([]);
      await db
        .collection<{ _id: Int32; note: unknown }>('notes')
        .updateOne({ _id: new Int32(1) }, { $set: { note: 'note 1' } });
      await expectInLockstep(sides, SOON);
    });
  });
});
