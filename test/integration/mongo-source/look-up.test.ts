import type { DocumentBatch, DocumentKey } from '@lockstep/contracts';
import { isHashedId } from '@lockstep/contracts';
import { encodeDocumentId } from '@lockstep/mongo-source';
import { BSON, Decimal128, Double, Int32, Long } from 'mongodb';
import { bodiesOf, insertIds, signal, sourceFixture, type SourceFixture } from './source-fixture.js';
import { unusualIds } from './unusual-ids.js';

function keyOf(id: unknown): DocumentKey {
  const element = Buffer.from(BSON.serialize({ _id: id })).subarray(4, -1);
  return { id: encodeDocumentId(element), element };
}

async function lookUp(fixture: SourceFixture, keys: readonly DocumentKey[], collection = 'a') {
  const atLeast = await fixture.source.majorityTime(signal);
  return merged(await batchesOf(fixture.source.lookUp({ collection, keys, atLeast, signal })));
}

async function batchesOf(lookUps: AsyncIterable<DocumentBatch>): Promise<DocumentBatch[]> {
  const batches: DocumentBatch[] = [];
  for await (const batch of lookUps) batches.push(batch);
  return batches;
}

/** All batches as one; deletions stand in the last one only. */
function merged(batches: readonly DocumentBatch[]): DocumentBatch {
  let offset = 0;
  const documents = batches.flatMap((batch, at) => {
    const from = offset;
    offset += batch.body.length;
    return batch.documents.map((document) => {
      if (document.operation === 'delete') expect(at).toBe(batches.length - 1);
      if (document.operation !== 'index') return document;
      return { ...document, start: document.start + from, end: document.end + from };
    });
  });
  return { ...batches.at(-1)!, documents, body: Buffer.concat(batches.map(({ body }) => body)) };
}

describe('looking documents up', () => {
  it('comes in batches of bounded size, whatever the size of the documents', async () => {
    await using fixture = await sourceFixture();
    const count = 12;
    for (let n = 0; n < count; n += 1) {
      await fixture.db.collection('a').insertOne({ _id: n as never, text: 'x'.repeat(5 * 1024 * 1024) });
    }
    const atLeast = await fixture.source.majorityTime(signal);
    const keys = Array.from({ length: count + 3 }, (_, n) => keyOf(n));
    const batches = await batchesOf(fixture.source.lookUp({ collection: 'a', keys, atLeast, signal }));
    for (const { body } of batches) expect(body.length).toBeLessThan(17 * 1024 * 1024);
    const { documents } = merged(batches);
    expect(documents.filter(({ operation }) => operation === 'index')).toHaveLength(count);
    expect(documents.filter(({ operation }) => operation === 'delete')).toHaveLength(3);
  }, 60_000);

  it('finds every kind of `_id`, and deletes what is not there', async () => {
    await using fixture = await sourceFixture();
    const ids = unusualIds();
    await insertIds(fixture, 'a', ids);
    const keys = ids.map(keyOf);
    const found = await lookUp(fixture, [...keys, keyOf('missing'), keyOf({ a: 2 })]);
    const deleted = found.documents
      .filter((document) => document.operation === 'delete')
      .map((document) => document.id);
    expect(deleted).toEqual([keyOf('missing').id, keyOf({ a: 2 }).id]);
    expect(
      found.documents
        .filter(({ operation }) => operation === 'index')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(keys.map((key) => key.id).sort());
    await fixture.db.collection('a').deleteMany({});
    const gone = await lookUp(fixture, keys);
    expect(gone.documents.every((document) => document.operation === 'delete')).toBe(true);
    expect(gone.documents).toHaveLength(keys.length);
  });

  it('keeps bytes that no driver type can carry: dates, texts and documents', async () => {
    await using fixture = await sourceFixture();
    const keys = [
      rawKey(0x09, Buffer.from('ffffffffffffff7f', 'hex')),
      rawKey(0x02, Buffer.from('03000000fffe00', 'hex')),
      rawKey(0x0c, Buffer.concat([Buffer.from('020000006100', 'hex'), Buffer.alloc(12, 7)])),
    ];
    for (const key of keys) await insertRaw(fixture, key);
    const found = await lookUp(fixture, keys);
    expect(found.documents.map(({ operation }) => operation)).toEqual(['index', 'index', 'index']);
  });

  it('takes 5, 5L, 5.0 and Decimal 5 for one document', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.collection('a').insertOne({ _id: new Double(5) as never, v: 1 });
    const keys = [new Int32(5), Long.fromNumber(5), Decimal128.fromString('5.00'), new Double(5)].map(keyOf);
    expect(bodiesOf(await lookUp(fixture, keys))).toEqual({ '{"$number":"5"}': { v: 1 } });
  });

  it('reads more than one reply and more than one list of keys to the end', async () => {
    await using fixture = await sourceFixture();
    const text = 'x'.repeat(9_000);
    const ids = Array.from({ length: 4_500 }, (_, n) => n);
    await fixture.db.collection('a').insertMany(ids.slice(0, 4_000).map((id) => ({ _id: id as never, text })));
    await fixture.db.command({ profile: 2 });
    const batch = await lookUp(fixture, ids.map(keyOf));
    await fixture.db.command({ profile: 0 });
    expect(batch.documents.filter(({ operation }) => operation === 'index')).toHaveLength(4_000);
    expect(batch.documents.filter(({ operation }) => operation === 'delete')).toHaveLength(500);
    const profile = await fixture.db.collection('system.profile').find({ appName: fixture.appName }).toArray();
    expect(profile.filter((entry) => entry.op === 'getmore').length).toBeGreaterThanOrEqual(2);
    expect(profile.filter((entry) => entry.command.find === 'a')).toHaveLength(3);
    expect(profile.every((entry) => entry.command.find !== 'a' || entry.planSummary === 'IXSCAN { _id: 1 }')).toBe(
      true,
    );
  });

  it('never takes an unfinished answer for absence', async () => {
    await using fixture = await sourceFixture();
    const ids = Array.from({ length: 2_000 }, (_, n) => n);
    await fixture.db.collection('a').insertMany(ids.map((id) => ({ _id: id as never, text: 'x'.repeat(9_000) })));
    await fixture.failCommand(['getMore'], { errorCode: 43 });
    await expect(lookUp(fixture, ids.map(keyOf))).rejects.toMatchObject({ code: 'SOURCE_CURSOR_LOST' });
  });

  it('matches exactly in a collection whose collation does not', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.createCollection('a', { collation: { locale: 'en', strength: 2 } });
    await fixture.db.collection('a').insertOne({ _id: 'ABC' as never, v: 1 });
    expect(bodiesOf(await lookUp(fixture, [keyOf('abc'), keyOf('ABC')]))).toEqual({ ABC: { v: 1 }, abc: null });
    expect(bodiesOf(await lookUp(fixture, [keyOf('abc')]))).toEqual({ abc: null });
  });

  it('deletes what has left the filter', async () => {
    await using fixture = await sourceFixture({ filter: { state: 'open' }, fields: { exclude: ['state', '_id'] } });
    await fixture.db.collection('a').insertMany([
      { _id: 1 as never, state: 'open', v: 1 },
      { _id: 2 as never, state: 'closed', v: 2 },
    ]);
    expect(bodiesOf(await lookUp(fixture, [keyOf(1), keyOf(2)]))).toEqual({
      '{"$number":"1"}': { v: 1 },
      '{"$number":"2"}': null,
    });
  });

  it('reads with majority not before the asked time', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.command({ profile: 2 });
    await fixture.db.collection('a').insertOne({ _id: 1 as never });
    const atLeast = await fixture.source.majorityTime(signal);
    const batch = merged(
      await batchesOf(fixture.source.lookUp({ collection: 'a', keys: [keyOf(1)], atLeast, signal })),
    );
    await fixture.db.command({ profile: 0 });
    expect(batch.operationTime).toBeGreaterThanOrEqual(atLeast);
    const [entry] = await fixture.db
      .collection('system.profile')
      .find({ appName: fixture.appName, 'command.find': 'a' })
      .toArray();
    expect(entry?.command.readConcern.level).toBe('majority');
    expect(entry?.command.readConcern.afterClusterTime.toBigInt()).toBe(atLeast);
  });

  it('asks nothing for no keys', async () => {
    await using fixture = await sourceFixture();
    expect((await lookUp(fixture, [])).documents).toEqual([]);
  });
});

describe('finding absent ids', () => {
  it('tells present, absent and undecodable ids apart', async () => {
    await using fixture = await sourceFixture({ filter: { v: 1 } });
    const ids = unusualIds();
    await insertIds(fixture, 'a', ids);
    await fixture.db.collection('a').insertOne({ _id: 'outside' as never, v: 2 });
    const atLeast = await fixture.source.majorityTime(signal);
    const present = ids.map((id) => keyOf(id).id);
    const report = await fixture.source.findAbsent({
      collection: 'a',
      ids: [...present, 'outside', 'gone', '507f1f77bcf86cd799439012', '{"$number":"77"}'],
      atLeast,
      signal,
    });
    expect(report.absent).toEqual(['outside', 'gone', '507f1f77bcf86cd799439012', '{"$number":"77"}']);
    expect(report.undecodable).toEqual(present.filter((id) => id.startsWith('{"$sha256"')));
    expect(report.undecodable).toHaveLength(1);
    expect(report.readTime).toBe(atLeast);
  });

  it('asks for hashed ids by the elements that were kept, and believes none that belongs to another id', async () => {
    await using fixture = await sourceFixture({ filter: { v: 1 } });
    const long = (name: string) => name.repeat(600);
    const present = [long('a'), { long: long('b') }, Decimal128.fromString('1E+6144'), new Double(5e-324)];
    await insertIds(fixture, 'a', present);
    await fixture.db.collection('a').insertOne({ _id: long('outside') as never, v: 2 });
    const keys = [...present, long('outside'), long('gone'), long('swapped')].map(keyOf);
    const elements = new Map(keys.map(({ id, element }) => [id, element]));
    const [swapped, unknown] = [keyOf(long('swapped')).id, keyOf(long('unknown')).id];
    elements.set(swapped, keyOf(long('another')).element);
    const ids = [...keys.map(({ id }) => id), unknown];
    expect(ids.every(isHashedId)).toBe(true);
    const atLeast = await fixture.source.majorityTime(signal);
    const report = await fixture.source.findAbsent({ collection: 'a', ids, elements, atLeast, signal });
    expect(report.absent).toEqual([keyOf(long('outside')).id, keyOf(long('gone')).id]);
    expect(report.undecodable).toEqual([swapped, unknown]);
  });
});

function rawKey(type: number, value: Buffer): DocumentKey {
  const element = Buffer.concat([Buffer.from([type]), Buffer.from('_id\0'), value]);
  return { id: encodeDocumentId(element), element };
}

/** Inserts a document by the bytes of its `_id`, through the server: the driver has no type for it. */
async function insertRaw(fixture: SourceFixture, key: DocumentKey): Promise<void> {
  const document = Buffer.concat([Buffer.alloc(4), key.element, Buffer.alloc(1)]);
  document.writeInt32LE(document.length, 0);
  await fixture.client.db(fixture.database).command({ insert: 'a', documents: [new RawDocument(document)] });
}

/** Lets the driver's serializer write a document of given bytes, as an ObjectId lets it write its own. */
class RawDocument extends BSON.ObjectId {
  constructor(private readonly bytes: Buffer) {
    super();
  }

  serializeInto(target: Uint8Array, index: number): number {
    target[index - 3] = 0x03;
    target.set(this.bytes, index);
    return this.bytes.length;
  }
}
