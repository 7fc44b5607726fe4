import { clusterTimeSeconds, clusterTime } from '@lockstep/core';
import type { ChangeBatch } from '@lockstep/contracts';
import { BSON, type ClientSession } from 'mongodb';
import { drain, insertIds, signal, sourceFixture, summaryOf, type SourceFixture } from './source-fixture.js';
import { unusualIds } from './unusual-ids.js';

async function openNow(fixture: SourceFixture, collections = ['a']) {
  // The tick after what was written before: a start is inclusive.
  const time = (await fixture.source.majorityTime(signal)) + 1n;
  return fixture.source.openStream({ collections, start: { kind: 'at', time }, signal });
}

const dataOf = (batch: ChangeBatch) =>
  (BSON.deserialize(Buffer.from(batch.token, 'base64')) as { _data: string })._data;

describe('a change stream', () => {
  it('brings keys, operations and times of the followed collections', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    const a = fixture.db.collection<{ _id: number; v?: number }>('a');
    await a.insertOne({ _id: 1 });
    await a.updateOne({ _id: 1 }, { $set: { v: 1 } });
    await a.replaceOne({ _id: 1 }, { v: 2 });
    await a.deleteOne({ _id: 1 });
    await fixture.db.collection('foreign').insertOne({});
    const batches = await drain(fixture.source, reader);
    const id = 'a {"$number":"1"}';
    expect(summaryOf(batches)).toEqual([`insert ${id}`, `update ${id}`, `replace ${id}`, `delete ${id}`]);
    const [collection] = await fixture.source.listCollections(signal);
    for (const event of batches.flatMap((batch) => batch.events)) expect(event.collectionUuid).toBe(collection?.uuid);
    const times = batches.flatMap((batch) => batch.events.map((event) => event.clusterTime));
    expect(times).toEqual([...times].sort((x, y) => (x < y ? -1 : 1)));
    await reader.close();
  });

  it('begins at the cluster time inclusively', async () => {
    await using fixture = await sourceFixture();
    const session = fixture.client.startSession();
    await fixture.db
      .collection<{ _id: number }>('a')
      .insertOne({ _id: 1 }, { session, writeConcern: { w: 'majority' } });
    const time = session.operationTime!.toBigInt();
    await session.endSession();
    const reader = await fixture.source.openStream({ collections: ['a'], start: { kind: 'at', time }, signal });
    const [event] = (await drain(fixture.source, reader)).flatMap((batch) => batch.events);
    expect(event).toMatchObject({ operation: 'insert', clusterTime: time });
    await reader.close();
  });

  it('has the id of every kind of `_id`, the bytes untouched', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    const ids = unusualIds();
    await insertIds(fixture, 'a', ids);
    const events = (await drain(fixture.source, reader)).flatMap((batch) => batch.events);
    const keys = events.map((event) => (event.kind === 'key' ? event.key : null));
    expect(new Set(keys.map((key) => key?.id)).size).toBe(ids.length);
    const expected = ids.map((id) =>
      Buffer.from(BSON.serialize({ _id: id }))
        .subarray(4, -1)
        .toString('hex'),
    );
    expect(keys.map((key) => key?.element.toString('hex'))).toEqual(expected);
    await reader.close();
  });

  it('waits on the server, and an empty batch carries a token that moves on', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    await drain(fixture.source, reader);
    const started = performance.now();
    const first = await reader.next(300, signal);
    expect(performance.now() - started).toBeGreaterThan(250);
    expect(first).toMatchObject({ events: [], isEnd: false });
    await fixture.db.collection('foreign').insertOne({}, { writeConcern: { w: 'majority' } });
    const time = await fixture.source.majorityTime(signal);
    const batches = await drain(fixture.source, reader);
    expect(summaryOf(batches)).toEqual([]);
    expect(batches.at(-1)!.tokenTime).toBeGreaterThanOrEqual(time);
    await reader.close();
  });

  it('decodes the time of its token', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    await fixture.db.collection('a').insertOne({});
    const batches = await drain(fixture.source, reader);
    const batch = batches.find((candidate) => candidate.events.length > 0)!;
    expect(batch.tokenTime).toBeGreaterThanOrEqual(batch.events[0]!.clusterTime);
    expect(parseInt(dataOf(batch).slice(2, 10), 16)).toBe(clusterTimeSeconds(batch.tokenTime));
    await reader.close();
  });

  it('resumes after each token without a gap and without repeating', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    const expected: string[] = [];
    const tokens: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      await fixture.db.collection('a').insertOne({ _id: n as never });
      const batches = await drain(fixture.source, reader);
      expected.push(...summaryOf(batches));
      tokens.push(batches.at(-1)!.token);
    }
    expect(expected).toHaveLength(5);
    for (const [n, token] of tokens.entries()) {
      const resumed = await fixture.source.openStream({
        collections: ['a'],
        start: { kind: 'resumeAfter', token },
        signal,
      });
      expect(summaryOf(await drain(fixture.source, resumed))).toEqual(expected.slice(n + 1));
      await resumed.close();
    }
    await reader.close();
  });

  it('brings many events in bounded batches, none lost', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    const documents = Array.from({ length: 9_000 }, (_, n) => ({ _id: n as never }));
    await fixture.db.collection('a').insertMany(documents);
    const batches = await drain(fixture.source, reader);
    expect(summaryOf(batches)).toEqual(documents.map(({ _id }) => `insert a {"$number":"${String(_id)}"}`));
    expect(Math.max(...batches.map((batch) => batch.events.length))).toBeLessThanOrEqual(2_000);
    await reader.close();
  });

  it('shows the operations of a transaction at one time, and nothing of an aborted one', async () => {
    await using fixture = await sourceFixture();
    const a = fixture.db.collection<{ _id: number; v?: number }>('a');
    await a.insertOne({ _id: 0 });
    const reader = await openNow(fixture);
    const session = fixture.client.startSession();
    await session.withTransaction(async () => {
      await a.insertOne({ _id: 1 }, { session });
      await a.updateOne({ _id: 1 }, { $set: { v: 1 } }, { session });
      await a.deleteOne({ _id: 1 }, { session });
    });
    session.startTransaction();
    await a.insertOne({ _id: 2 }, { session });
    await session.abortTransaction();
    await session.endSession();
    const events = (await drain(fixture.source, reader)).flatMap((batch) => batch.events);
    expect(events.map((event) => event.operation)).toEqual(expect.arrayContaining(['insert', 'update', 'delete']));
    expect(events.filter((event) => event.kind === 'key' && event.key.id.includes('"2"'))).toEqual([]);
    const inTransaction = events.filter((event) => event.kind === 'key' && event.key.id.includes('"1"'));
    expect(new Set(inTransaction.map((event) => event.clusterTime)).size).toBe(1);
    await reader.close();
  });

  it('tells drops and renames of followed names, onto them too, and leaves foreign ones out', async () => {
    await using fixture = await sourceFixture();
    const { db } = fixture;
    await db.collection('a').insertOne({});
    await db.collection('c').insertOne({});
    await db.collection('foreign').insertOne({});
    const reader = await openNow(fixture);
    await db.collection('a').rename('b');
    await db.collection('c').rename('a');
    await db.collection('foreign').rename('foreign2');
    await db.collection('foreign2').drop();
    await db.collection('a').drop();
    const batches = await drain(fixture.source, reader);
    const { database } = fixture;
    expect(summaryOf(batches)).toEqual([`rename a ${database}.b`, `rename c ${database}.a`, 'drop a -']);
    await reader.close();
  });

  it('counts index builds and collMod, and says nothing else of them', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.collection('a').insertOne({});
    const reader = await openNow(fixture);
    await fixture.db.collection('a').createIndex({ x: 1 });
    await fixture.db.command({ collMod: 'a', validator: {} });
    expect(summaryOf(await drain(fixture.source, reader))).toEqual([]);
    const notes = fixture.events.flatMap((event) =>
      event.type === 'conversion.noted' ? Object.keys(event.notes) : [],
    );
    expect(notes).toEqual(expect.arrayContaining(['ignoredChange.createIndexes', 'ignoredChange.modify']));
    await reader.close();
  });

  it('ends with an invalidate when the database is dropped, and goes on by startAfter', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.collection('a').insertOne({});
    const reader = await openNow(fixture);
    await fixture.db.dropDatabase();
    const batches = await drain(fixture.source, reader);
    expect(summaryOf(batches)).toEqual(['drop a -', 'dropDatabase - -', 'invalidate - -']);
    const last = batches.at(-1)!;
    expect(last.isEnd).toBe(true);
    await expect(reader.next(10, signal)).rejects.toMatchObject({ code: 'SOURCE_CURSOR_LOST' });
    await reader.close();
    const { token } = last;
    const open = (kind: 'resumeAfter' | 'startAfter') =>
      fixture.source.openStream({ collections: ['a'], start: { kind, token }, signal });
    await expect(open('resumeAfter')).rejects.toMatchObject({ code: 'SOURCE_POSITION_INVALID' });
    const again = await open('startAfter');
    await fixture.db.collection('a').insertOne({ _id: 7 as never });
    expect(summaryOf(await drain(fixture.source, again))).toEqual(['insert a {"$number":"7"}']);
    await again.close();
  });

  it.each<[string, unknown]>([
    ['not BSON', null],
    ['without data', {}],
    ['not hex', { _data: 'zz' }],
    ['too short', { _data: '82000000' }],
    ['of another form', { _data: 'FF'.repeat(30) }],
    ['of a bad body', { _data: `82${'6500000000000001'}FFFF` }],
    ['truncated', { _data: `82${'6500000000000001'}2B022C` }],
  ])('refuses a token that is %s', async (_name, token) => {
    await using fixture = await sourceFixture();
    const text = token === null ? 'AAAA' : Buffer.from(BSON.serialize(token as object)).toString('base64');
    const open = fixture.source.openStream({ collections: ['a'], start: { kind: 'resumeAfter', token: text }, signal });
    await expect(open).rejects.toMatchObject({ code: 'SOURCE_POSITION_INVALID' });
  });

  it('refuses a position in the future of the source, as after a restored backup', async () => {
    await using fixture = await sourceFixture();
    const time = (await fixture.source.majorityTime(signal)) + clusterTime(60, 0);
    const open = fixture.source.openStream({ collections: ['a'], start: { kind: 'at', time }, signal });
    await expect(open).rejects.toMatchObject({ code: 'SOURCE_POSITION_INVALID' });
  });

  it('tells whether the history has a change, whatever else happens at the time', async () => {
    await using fixture = await sourceFixture();
    const { db, client, source } = fixture;
    const a = db.collection<{ _id: number; v?: number }>('a');
    const timeOf = async (write: (session: ClientSession) => Promise<unknown>): Promise<bigint> => {
      const session = client.startSession();
      await write(session);
      await session.endSession();
      return session.operationTime!.toBigInt();
    };
    const w = { writeConcern: { w: 'majority' } } as const;
    const ids = Array.from({ length: 2_000 }, (_, n) => ({ _id: n }));
    const times = [
      await timeOf((session) => a.insertMany(ids, { session, ...w })),
      await timeOf((session) => a.updateOne({ _id: 1 }, { $set: { v: 1 } }, { session, ...w })),
      await timeOf((session) => a.findOneAndReplace({ _id: 2 }, { v: 2 }, { session, ...w })),
      await timeOf((session) => a.deleteOne({ _id: 3 }, { session, ...w })),
      await timeOf((session) =>
        session.withTransaction(async () => {
          await a.updateMany({}, { $set: { v: 3 } }, { session });
          await a.insertOne({ _id: 5_000 }, { session });
        }, w),
      ),
    ];
    await client.db(`${fixture.database}-elsewhere`).collection('b').insertOne({}, w);
    await client.db(`${fixture.database}-elsewhere`).dropDatabase(w);
    for (const time of times) expect(await source.hasChange(time, signal)).toBe(true);
    // Times at which nothing has happened in this database: before, between, and behind all of its changes.
    expect(await source.hasChange(times[0]! - clusterTime(1, 0), signal)).toBe(false);
    expect(await source.hasChange(times.at(-1)! + 1n, signal)).toBe(false);
    await db.dropDatabase(w);
    expect(await source.hasChange(times.at(-1)!, signal)).toBe(true);
    // Ahead of the history, and before it begins.
    const ahead = (await source.majorityTime(signal)) + clusterTime(60, 0);
    expect(await source.hasChange(ahead, signal)).toBeNull();
    await fixture.failCommand(['aggregate'], { errorCode: 286 });
    expect(await source.hasChange(times[0]!, signal)).toBeNull();
  });

  it.each<[string, number, string]>([
    ['aggregate', 286, 'SOURCE_HISTORY_LOST'],
    ['aggregate', 280, 'SOURCE_HISTORY_LOST'],
    ['aggregate', 260, 'SOURCE_POSITION_INVALID'],
    ['aggregate', 13, 'SOURCE_PERMISSION_MISSING'],
    ['aggregate', 40573, 'SOURCE_NOT_REPLICA_SET'],
    ['getMore', 43, 'SOURCE_CURSOR_LOST'],
    ['getMore', 237, 'SOURCE_CURSOR_LOST'],
    ['getMore', 136, 'SOURCE_HISTORY_LOST'],
    ['getMore', 286, 'SOURCE_HISTORY_LOST'],
    ['getMore', 11602, 'SOURCE_UNREACHABLE'],
    ['getMore', 50, 'SOURCE_READ_FAILED'],
    ['getMore', 462, 'SOURCE_READ_FAILED'],
  ])('codes an error of %s with server code %d as %s', async (command, errorCode, code) => {
    await using fixture = await sourceFixture();
    const run = async () => {
      const reader = await openNow(fixture);
      try {
        await reader.next(100, signal);
      } finally {
        await reader.close();
      }
    };
    await fixture.source.majorityTime(signal);
    await fixture.failCommand([command], { errorCode });
    await expect(run()).rejects.toMatchObject({ code });
  });

  it('stops waiting when it is aborted, and can go on with another signal', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    await drain(fixture.source, reader);
    const controller = new AbortController();
    const waiting = reader.next(5_000, controller.signal);
    const started = performance.now();
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'JOB_ABORTED' });
    expect(performance.now() - started).toBeLessThan(1_000);
    await fixture.db.collection('a').insertOne({ _id: 1 as never });
    expect(summaryOf(await drain(fixture.source, reader))).toEqual(['insert a {"$number":"1"}']);
    await reader.close();
  });

  it('leaves no cursor behind', async () => {
    await using fixture = await sourceFixture();
    const reader = await openNow(fixture);
    await reader.next(10, signal);
    await reader.close();
    await reader.close();
    const open = await fixture.client
      .db('admin')
      .aggregate([
        { $currentOp: { allUsers: true, idleCursors: true } },
        { $match: { appName: fixture.appName, type: 'idleCursor' } },
      ])
      .toArray();
    expect(open).toEqual([]);
  });
});
