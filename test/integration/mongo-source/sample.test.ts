import type { CollectionSample } from '@lockstep/contracts';
import type { Document } from 'mongodb';
import { signal, sourceFixture, type SourceFixture } from './source-fixture.js';

const MIB = 1_024 * 1_024;

/** `path type documents` of each count. */
const linesOf = ({ fields }: CollectionSample): string[] =>
  fields.map(({ path, type, documents }) => `${path} ${type} ${documents}`);

const insert = async (
  { db }: SourceFixture,
  collection: string,
  count: number,
  make: (n: number) => Document,
): Promise<void> => {
  const documents = Array.from({ length: count }, (_, n) => ({ _id: n as never, ...make(n) }));
  await db.collection(collection).insertMany(documents);
};

/** Commands that the source sent for a sample, with what they made the server look at. */
async function profileOf({ db, appName }: SourceFixture, collection: string): Promise<Document[]> {
  const entries = await db.collection('system.profile').find({ appName }).sort({ ts: 1 }).toArray();
  return entries.filter(({ command }) => [command.find, command.aggregate, command.collection].includes(collection));
}

describe('sampling a collection', () => {
  it('finds nothing in an empty or missing one', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.createCollection('empty');
    const nothing = { documents: 0, fields: [], code: null };
    expect(await fixture.source.sampleFields('missing', signal)).toEqual(nothing);
    expect(await fixture.source.sampleFields('empty', signal)).toEqual(nothing);
  });

  it('counts every document of a small one once, by path and type', async () => {
    await using fixture = await sourceFixture();
    await insert(fixture, 'small', 600, (n) => ({
      n: n < 500 ? n : n + 0.5,
      list: [1, 'two', { deep: null }],
      ...(n % 100 === 0 ? { 'dotted.name': new Date() } : {}),
    }));
    expect(linesOf(await fixture.source.sampleFields('small', signal))).toEqual([
      'n int 500',
      'n double 100',
      'list array 600',
      'list int 600',
      'list string 600',
      'list object 600',
      'list.deep null 600',
      'dotted.name date 6',
    ]);
  });

  it('sees both ends and the middle of a large one, and makes the server look at little more than it gets', async () => {
    await using fixture = await sourceFixture();
    await insert(fixture, 'large', 30_000, (n) => ({ v: n < 500 ? n : n < 29_500 ? String(n) : n + 0.5 }));
    await fixture.db.command({ profile: 2 });
    const sample = await fixture.source.sampleFields('large', signal);
    await fixture.db.command({ profile: 0 });
    expect(sample.code).toBeNull();
    expect(sample.documents).toBeGreaterThan(900);
    expect(sample.documents).toBeLessThanOrEqual(1_000);
    expect(sample.fields.map(({ path, type }) => `${path} ${type}`)).toEqual(['v int', 'v string', 'v double']);
    const [ints, , doubles] = sample.fields;
    expect(ints!.documents).toBeGreaterThanOrEqual(300);
    expect(doubles!.documents).toBeGreaterThanOrEqual(300);
    const profile = await profileOf(fixture, 'large');
    const examined = profile.reduce((sum, { docsExamined }) => sum + Number(docsExamined ?? 0), 0);
    expect(examined).toBeGreaterThanOrEqual(600);
    expect(examined).toBeLessThan(2_000);
    const plans = new Set(profile.map(({ planSummary }) => planSummary).filter(Boolean));
    // A random cursor is no scan of anything.
    expect(plans).toEqual(new Set(['IXSCAN { _id: 1 }', 'MULTI_ITERATOR']));
    expect(new Set(profile.map(({ command }) => command.maxTimeMS).filter(Boolean))).toEqual(new Set([1_000]));
  });

  it('looks at what the connector reads: its filter and its fields', async () => {
    await using fixture = await sourceFixture({ filter: { kept: true }, fields: { exclude: ['secret'] } });
    const make = (n: number): Document => ({ kept: n % 2 === 0, v: n % 2 === 0 ? n : 'x', secret: 'y' });
    await insert(fixture, 'small', 10, make);
    expect(linesOf(await fixture.source.sampleFields('small', signal))).toEqual(['kept bool 5', 'v int 5']);
    await insert(fixture, 'large', 5_000, make);
    const large = await fixture.source.sampleFields('large', signal);
    expect(large.documents).toBeGreaterThan(600);
    expect(large.fields.map(({ path, type }) => `${path} ${type}`)).toEqual(['kept bool', 'v int']);
  });

  it('stops at about 16 MiB, however many documents that are', async () => {
    await using fixture = await sourceFixture();
    for (let from = 0; from < 40; from += 10) {
      const documents = Array.from({ length: 10 }, (_, i) => ({ _id: (from + i) as never, text: 'x'.repeat(MIB) }));
      await fixture.db.collection('heavy').insertMany(documents);
    }
    const { documents, code } = await fixture.source.sampleFields('heavy', signal);
    expect(code).toBeNull();
    expect(documents).toBeGreaterThanOrEqual(10);
    expect(documents).toBeLessThanOrEqual(20);
  });

  it('reads a clustered collection, and one with a collation of its own', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
    await fixture.db.createCollection('german', { collation: { locale: 'de' } });
    for (const name of ['clustered', 'german']) {
      await insert(fixture, name, 1_500, (n) => ({ v: n }));
      const { documents, code } = await fixture.source.sampleFields(name, signal);
      expect({ name, code, isMany: documents >= 600 }).toEqual({ name, code: null, isMany: true });
    }
  });

  describe('goes on where it may not read', () => {
    it.each<[string, string[], number, Partial<CollectionSample>, string[]]>([
      ['from anywhere', ['aggregate'], 13, { code: 'SOURCE_PERMISSION_MISSING' }, ['v int', 'v double']],
      ['from the ends', ['find'], 50, { code: 'SOURCE_READ_FAILED' }, ['v string']],
      ['the count', ['count'], 13, { code: null }, ['v int', 'v double']],
      ['at all', ['find', 'aggregate', 'count'], 13, { documents: 0, code: 'SOURCE_PERMISSION_MISSING' }, []],
      ['the list of collections', ['listCollections'], 91, { documents: 0, code: 'SOURCE_UNREACHABLE' }, []],
    ])('%s', async (_what, commands, errorCode, expected, fields) => {
      await using fixture = await sourceFixture();
      // Only `$sample` gets beyond the ends: one of its 400 has to be a string for sure.
      await insert(fixture, 'c', 9_000, (n) => ({ v: n < 300 ? n : n >= 8_700 ? n + 0.5 : 'x' }));
      await fixture.source.majorityTime(signal);
      await fixture.failCommand(commands, { errorCode }, 100);
      const sample = await fixture.source.sampleFields('c', signal);
      expect(sample).toMatchObject(expected);
      const met = sample.fields.map(({ path, type }) => `${path} ${type}`);
      expect(met).toEqual(expect.arrayContaining(fields));
      if (fields.length === 0) expect(met).toEqual([]);
    });

    it('says nothing of its own when it was told to stop', async () => {
      await using fixture = await sourceFixture();
      await insert(fixture, 'c', 10, (n) => ({ v: n }));
      await expect(fixture.source.sampleFields('c', AbortSignal.abort())).rejects.toMatchObject({
        code: 'JOB_ABORTED',
      });
    });

    it('stops in the middle of a read when it is told to', async () => {
      await using fixture = await sourceFixture();
      await insert(fixture, 'c', 10, (n) => ({ v: n }));
      await fixture.source.majorityTime(signal);
      await fixture.failCommand(['find'], { blockConnection: true, blockTimeMS: 3_000 });
      const stop = new AbortController();
      const sampled = fixture.source.sampleFields('c', stop.signal);
      stop.abort();
      await expect(sampled).rejects.toMatchObject({ code: 'JOB_ABORTED' });
    });
  });
});
