import type { KeyRange } from '@lockstep/contracts';
import { BSON, type Document } from 'mongodb';
import { drain, insertIds, signal, sourceFixture, summaryOf, type SourceFixture } from './source-fixture.js';
import { unusualIds } from './unusual-ids.js';

const keyOf = (id: unknown): string => Buffer.from(BSON.serialize({ _id: id })).toString('base64');
const rangesOf = (splits: readonly string[]): KeyRange[] =>
  Array.from({ length: splits.length + 1 }, (_, at) => ({ from: splits[at - 1] ?? null, below: splits[at] ?? null }));

async function scanned({ source }: SourceFixture, range: KeyRange): Promise<string[]> {
  const atLeast = await source.majorityTime(signal);
  const ids: string[] = [];
  for (let after: string | null = null; ;) {
    const page = await source.scan({ collection: 'a', after, upTo: null, range, atLeast, signal });
    ids.push(...page.batch.documents.map(({ id }) => id));
    if (page.isLast) return ids;
    after = page.cursor;
  }
}

const count = async ({ source }: SourceFixture, range: KeyRange): Promise<number> =>
  (await scanned({ source } as SourceFixture, range)).length;

describe('parts of a collection', () => {
  it('have every kind of `_id` once, and the change streams the same as the scans', async () => {
    await using fixture = await sourceFixture();
    const { source } = fixture;
    const ids = unusualIds();
    await insertIds(fixture, 'b', ids);
    // Bounds are of many kinds themselves: every fifth id, in the order of the server.
    const sorted = await fixture.db
      .collection<Document>('b')
      .find({}, { projection: { _id: 1 }, promoteValues: false })
      .sort({ _id: 1 })
      .toArray();
    const splits = sorted.filter((_, at) => at % 5 === 4).map(({ _id }) => keyOf(_id));
    const ranges = rangesOf(splits);
    const start = { kind: 'at', time: (await source.majorityTime(signal)) + 1n } as const;
    const readers = await Promise.all(
      ranges.map((range) => source.openStream({ collections: ['a'], ranges: { a: range }, start, signal })),
    );
    await insertIds(fixture, 'a', ids);
    const streamed: string[][] = [];
    for (const reader of readers) {
      const events = (await drain(source, reader)).flatMap((batch) => batch.events);
      streamed.push(events.flatMap((event) => (event.kind === 'key' ? event.key.id : [])));
      await reader.close();
    }
    expect(splits.length).toBeGreaterThan(3);
    expect(new Set(streamed.flat()).size).toBe(ids.length);
    expect(streamed.flat()).toHaveLength(ids.length);
    for (const [at, range] of ranges.entries()) {
      expect((await scanned(fixture, range)).sort()).toEqual(streamed[at]!.sort());
    }
  });

  it('all hear of what happens to the collection, and of collections that are followed whole', async () => {
    await using fixture = await sourceFixture();
    const { source, db } = fixture;
    await insertIds(fixture, 'a', [1, 2, 3]);
    await insertIds(fixture, 'b', [1]);
    const start = { kind: 'at', time: (await source.majorityTime(signal)) + 1n } as const;
    const readers = await Promise.all(
      rangesOf([keyOf(2)]).map((range) =>
        source.openStream({ collections: ['a', 'b'], ranges: { a: range }, start, signal }),
      ),
    );
    await db.collection<{ _id: number }>('a').deleteMany({});
    await db.collection<{ _id: number }>('b').deleteMany({});
    await db.collection('a').drop();
    const [lower, upper] = await Promise.all(
      readers.map(async (reader) => summaryOf(await drain(source, reader)).map((line) => line.replaceAll('"', "'"))),
    );
    const [b, drop] = [`delete b {'$number':'1'}`, 'drop a -'];
    expect(lower).toEqual([`delete a {'$number':'1'}`, b, drop]);
    expect(upper).toEqual([`delete a {'$number':'2'}`, `delete a {'$number':'3'}`, b, drop]);
    for (const reader of readers) await reader.close();
  });

  it('are about equal, whatever the types of the `_id`s', async () => {
    await using fixture = await sourceFixture();
    const { source } = fixture;
    const ids = Array.from({ length: 8_000 }, (_, n) => (n % 2 === 0 ? n : `text ${n}`));
    await insertIds(fixture, 'a', ids);
    const splits = await source.splitKeys({ collection: 'a', parts: 4, signal });
    expect(splits).toHaveLength(3);
    const sizes = await Promise.all(rangesOf(splits).map((range) => count(fixture, range)));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(8_000);
    // Quantiles of 399 keys: a part of half or of twice its size does not happen.
    for (const size of sizes) expect(size).toBeGreaterThan(1_000);
    for (const size of sizes) expect(size).toBeLessThan(4_000);
  });

  it('are not made of small collections, of those with a collation, and of what is no collection', async () => {
    await using fixture = await sourceFixture();
    const { source, db } = fixture;
    await insertIds(
      fixture,
      'small',
      Array.from({ length: 1_999 }, (_, n) => n),
    );
    await db.createCollection('collated', { collation: { locale: 'de' } });
    await insertIds(
      fixture,
      'collated',
      Array.from({ length: 4_000 }, (_, n) => n),
    );
    await db.createCollection('view', { viewOn: 'collated', pipeline: [] });
    for (const collection of ['small', 'collated', 'view', 'missing']) {
      expect(await source.splitKeys({ collection, parts: 2, signal })).toEqual([]);
    }
  });
});
