import { createMongoSource, encodeDocumentId } from '@lockstep/mongo-source';
import { testServers } from '@lockstep/testing';
import { BSON } from 'mongodb';
import { bodiesOf, idsOf, insertIds, scanAll, signal, sourceFixture } from './source-fixture.js';
import { unusualIds } from './unusual-ids.js';

describe('scanning a collection', () => {
  it('reads nothing from an empty or missing collection, and one document from a collection of one', async () => {
    await using fixture = await sourceFixture();
    const [page, ...rest] = await scanAll(fixture.source, 'none');
    expect(rest).toHaveLength(0);
    expect(page).toMatchObject({ readCount: 0, cursor: null, isLast: true });
    await fixture.db.collection<{ _id: number }>('one').insertOne({ _id: 1 });
    const pages = await scanAll(fixture.source, 'one');
    expect(idsOf(pages)).toEqual(['{"$number":"1"}']);
    expect(pages.at(-1)?.isLast).toBe(true);
  });

  it('reads every document once, in pages of about 2 MiB', async () => {
    await using fixture = await sourceFixture();
    const text = 'x'.repeat(1000);
    const documents = Array.from({ length: 12_000 }, (_, n) => ({ _id: n as never, n, text }));
    await fixture.db.collection('many').insertMany(documents);
    const pages = await scanAll(fixture.source, 'many');
    expect(idsOf(pages)).toEqual(documents.map(({ n }) => `{"$number":"${n}"}`));
    expect(pages[0]?.readCount).toBe(200);
    const sizes = pages.map((page) => page.batch.body.length);
    expect(Math.max(...sizes)).toBeLessThan(2.2 * 1024 * 1024);
    expect(sizes.filter((size) => size > 1.5 * 1024 * 1024).length).toBeGreaterThanOrEqual(3);
    expect(bodiesOf(pages[0]!.batch)['{"$number":"7"}']).toEqual({ n: 7, text });
  });

  it('goes on after each _id of every BSON type without a gap, also with a new process', async () => {
    await using fixture = await sourceFixture();
    await insertIds(fixture, 'ids', unusualIds());
    const whole = idsOf(await scanAll(fixture.source, 'ids'));
    const count = await fixture.db.collection('ids').countDocuments();
    expect(new Set(whole).size).toBe(count);
    const atLeast = await fixture.source.majorityTime(signal);
    const cursors = await cursorsOfAll(fixture);
    for (const [index, after] of cursors.entries()) {
      const page = await fixture.source.scan({ collection: 'ids', after, upTo: null, atLeast, signal });
      expect([index, idsOf([page])]).toEqual([index, whole.slice(index + 1)]);
    }
  });

  it('stops behind an `_id` of every BSON type, and keeps within a range of them', async () => {
    await using fixture = await sourceFixture();
    await insertIds(fixture, 'ids', unusualIds());
    const whole = idsOf(await scanAll(fixture.source, 'ids'));
    const atLeast = await fixture.source.majorityTime(signal);
    const keys = await cursorsOfAll(fixture);
    for (const [index, upTo] of keys.entries()) {
      const page = await fixture.source.scan({ collection: 'ids', after: null, upTo, atLeast, signal });
      expect([index, idsOf([page])]).toEqual([index, whole.slice(0, index + 1)]);
      const [from, below] = [upTo, keys[index + 3] ?? null];
      const range = { from, below };
      const part = await fixture.source.scan({ collection: 'ids', after: null, upTo: null, range, atLeast, signal });
      expect([index, idsOf([part])]).toEqual([index, whole.slice(index, below === null ? undefined : index + 3)]);
      const last = await fixture.source.lastKey({ collection: 'ids', range, atLeast, signal });
      expect([index, last]).toEqual([index, below === null ? keys.at(-1) : keys[index + 2]]);
    }
  });

  it('knows the largest `_id` of a collection of any kind, whatever the filter, and of an empty one that there is none', async () => {
    await using fixture = await sourceFixture({ filter: { v: 2 } });
    const { db, source } = fixture;
    await db.createCollection('collated', { collation: { locale: 'en', strength: 2 } });
    await db.createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
    for (const name of ['plain', 'collated', 'clustered']) await insertIds(fixture, name, ['b', 'A', 'D', 5]);
    const atLeast = await source.majorityTime(signal);
    const largest = async (collection: string) => {
      const key = await source.lastKey({ collection, atLeast, signal });
      return key === null ? null : BSON.deserialize(Buffer.from(key, 'base64'))._id;
    };
    expect([await largest('plain'), await largest('collated'), await largest('clustered')]).toEqual(['b', 'D', 'b']);
    expect(await largest('none')).toBeNull();
  });

  it('uses the index from the last `_id` on, across types', async () => {
    await using fixture = await sourceFixture();
    const ids = Array.from({ length: 2_000 }, (_, n) => (n % 2 === 0 ? n : `s${n}`));
    await fixture.db.collection('mixed').insertMany(ids.map((id) => ({ _id: id as never })));
    await fixture.db.command({ profile: 2 });
    const atLeast = await fixture.source.majorityTime(signal);
    const first = await fixture.source.scan({ collection: 'mixed', after: null, upTo: null, atLeast, signal });
    await using other = await sourceFixture({ database: fixture.database });
    const second = await other.source.scan({ collection: 'mixed', after: first.cursor, upTo: null, atLeast, signal });
    expect(idsOf([first, second])[200]).toBe('{"$number":"400"}');
    const [profile] = await fixture.db
      .collection('system.profile')
      .find({ op: 'query', 'command.find': 'mixed', appName: other.appName })
      .toArray();
    expect(profile).toMatchObject({ keysExamined: 200, planSummary: 'IXSCAN { _id: 1 }' });
    await fixture.db.command({ profile: 0 });
  });

  it('sends every read with majority and the asked cluster time, on one session with its cursor', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.collection('many').insertMany(Array.from({ length: 500 }, (_, n) => ({ _id: n as never })));
    const atLeast = await fixture.source.majorityTime(signal);
    await fixture.db.collection('many').insertOne({ _id: 500 as never });
    await fixture.db.command({ profile: 2 });
    const first = await fixture.source.scan({ collection: 'many', after: null, upTo: null, atLeast, signal });
    await fixture.source.scan({ collection: 'many', after: first.cursor, upTo: null, atLeast, signal });
    const later = await fixture.source.majorityTime(signal);
    await fixture.source.scan({ collection: 'many', after: first.cursor, upTo: null, atLeast: later, signal });
    await fixture.db.command({ profile: 0 });
    const entries = await fixture.db.collection('system.profile').find({ appName: fixture.appName }).toArray();
    const finds = entries.filter((entry) => entry.command.find === 'many');
    expect(finds.map((entry) => entry.command.readConcern)).toEqual([
      { level: 'majority', afterClusterTime: expect.objectContaining({}) },
      { level: 'majority', afterClusterTime: expect.objectContaining({}) },
    ]);
    expect(finds.map((entry) => entry.command.readConcern.afterClusterTime.toBigInt())).toEqual([atLeast, later]);
    const more = entries.find((entry) => entry.command.getMore !== undefined && entry.command.collection === 'many');
    expect(more?.command.lsid).toEqual(finds[0]?.command.lsid);
  });

  it('sees writes up to the asked time even on a cursor that was kept open', async () => {
    await using fixture = await sourceFixture();
    const collection = fixture.db.collection('many');
    await collection.insertMany(Array.from({ length: 1_000 }, (_, n) => ({ _id: n as never, v: 'old' })));
    const first = await fixture.source.scan({
      collection: 'many',
      after: null,
      upTo: null,
      atLeast: await fixture.source.majorityTime(signal),
      signal,
    });
    await collection.updateMany({}, { $set: { v: 'new' } }, { writeConcern: { w: 'majority' } });
    const atLeast = await fixture.source.majorityTime(signal);
    const second = await fixture.source.scan({ collection: 'many', after: first.cursor, upTo: null, atLeast, signal });
    expect(second.batch.operationTime).toBeGreaterThanOrEqual(atLeast);
    expect(new Set(Object.values(bodiesOf(second.batch)).map((body) => (body as { v: string }).v))).toEqual(
      new Set(['new']),
    );
  });

  it.each([43, 175, 237])(
    'goes on from after when the server has closed the kept cursor (code %d)',
    async (errorCode) => {
      await using fixture = await sourceFixture();
      await fixture.db.collection('many').insertMany(Array.from({ length: 3_000 }, (_, n) => ({ _id: n as never })));
      await fixture.failCommand(['getMore'], { errorCode });
      expect(idsOf(await scanAll(fixture.source, 'many'))).toHaveLength(3_000);
    },
  );

  it('reads only what matches the filter, and only the chosen fields', async () => {
    const filter = { when: { $gte: { $date: '2020-01-01T00:00:00Z' } } };
    await using fixture = await sourceFixture({ filter, fields: { include: ['a.b', 'a.b.c', 'when'] } });
    await fixture.db.collection('f').insertMany([
      { _id: 1 as never, when: new Date('2021-01-01'), a: { b: 1, x: 2 }, y: 3 },
      { _id: 2 as never, when: new Date('2019-01-01'), a: { b: 1 } },
    ]);
    const [page] = await scanAll(fixture.source, 'f');
    expect(bodiesOf(page!.batch)).toEqual({ '{"$number":"1"}': { when: '2021-01-01T00:00:00.000Z', a: { b: 1 } } });
    expect(await fixture.source.estimateCount('f', signal)).toBe(1);
  });

  it('reads collections with a collation, capped and clustered ones, and views', async () => {
    await using fixture = await sourceFixture();
    const { db } = fixture;
    await db.createCollection('collated', { collation: { locale: 'en', strength: 2 } });
    await db.createCollection('capped', { capped: true, size: 1_000_000 });
    await db.createCollection('clustered', { clusteredIndex: { key: { _id: 1 }, unique: true } });
    await db.createCollection('view', { viewOn: 'collated', pipeline: [] });
    const ids = ['b', 'A', 'c', 5, null, true, 'D'];
    for (const name of ['collated', 'capped', 'clustered']) {
      await insertIds(fixture, name, ids);
    }
    for (const name of ['collated', 'capped', 'clustered', 'view']) {
      const pages = await scanAll(fixture.source, name);
      const last = await cursorAfter(fixture, name, 3);
      const atLeast = await fixture.source.majorityTime(signal);
      const rest = await fixture.source.scan({ collection: name, after: last, upTo: null, atLeast, signal });
      expect([name, idsOf(pages).length, idsOf([rest])]).toEqual([name, 7, idsOf(pages).slice(4)]);
    }
    expect(await fixture.source.listCollections(signal)).toMatchObject([
      { name: 'capped', type: 'collection', uuid: expect.stringMatching(/^[0-9a-f]{32}$/) },
      { name: 'clustered', type: 'collection' },
      { name: 'collated', type: 'collection' },
      { name: 'view', type: 'view', uuid: null },
    ]);
  });

  it('refuses a cursor that is not one of ours, and a filter that the server refuses', async () => {
    await using fixture = await sourceFixture({ filter: { $nonsense: 1 } });
    const atLeast = await fixture.source.majorityTime(signal);
    await expect(
      fixture.source.scan({ collection: 'x', after: 'AAAA', upTo: null, atLeast, signal }),
    ).rejects.toMatchObject({
      code: 'STATE_CORRUPT',
    });
    await expect(
      fixture.source.scan({ collection: 'x', after: null, upTo: null, atLeast, signal }),
    ).rejects.toMatchObject({
      code: 'SOURCE_QUERY_INVALID',
      message: expect.not.stringContaining('nonsense'),
    });
  });

  it('stops at once when it is aborted', async () => {
    await using fixture = await sourceFixture();
    const atLeast = await fixture.source.majorityTime(signal);
    await fixture.failCommand(['find'], { blockConnection: true, blockTimeMS: 3_000 });
    const controller = new AbortController();
    const scan = fixture.source.scan({ collection: 'x', after: null, upTo: null, atLeast, signal: controller.signal });
    const started = performance.now();
    controller.abort();
    await expect(scan).rejects.toMatchObject({ code: 'JOB_ABORTED' });
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

type Fixture = Awaited<ReturnType<typeof sourceFixture>>;

/** Scan cursors after each single document, from raw `_id` bytes. */
async function cursorsOfAll(fixture: Fixture, name = 'ids'): Promise<string[]> {
  const documents = fixture.db.collection(name).find({}, { raw: true, sort: { _id: 1 }, projection: { _id: 1 } });
  const cursors: string[] = [];
  for await (const bytes of documents) cursors.push(Buffer.from(bytes as unknown as Uint8Array).toString('base64'));
  return cursors;
}

async function cursorAfter(fixture: Fixture, name: string, index: number): Promise<string> {
  return (await cursorsOfAll(fixture, name))[index]!;
}

describe('createMongoSource', () => {
  it('has a coded error for a URI that is none', async () => {
    const source = createMongoSource({
      uri: 'nonsense://user:secret@host',
      database: 'x',
      connectorId: 'con_x',
      events: { emit: () => undefined },
    });
    await expect(source.describe(signal)).rejects.toMatchObject({
      code: 'SOURCE_URI_INVALID',
      message: expect.not.stringContaining('secret'),
    });
    await source.close();
  });

  it('is closed for good', async () => {
    const uri = testServers().mongodbUrl;
    const source = createMongoSource({ uri, database: 'x', connectorId: 'con_x', events: { emit: () => undefined } });
    await source.close();
    await expect(source.majorityTime(signal)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(encodeDocumentId(Buffer.from([0x0a, 0x5f, 0x69, 0x64, 0]))).toBe('{"$null":true}');
  });
});
