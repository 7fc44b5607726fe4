import { eventually, startReplicaSet, testServers, TcpFaultProxy, uniqueName } from '@lockstep/testing';
import { createMongoSource } from '@lockstep/mongo-source';
import type { DomainEvent } from '@lockstep/contracts';
import { MongoClient } from 'mongodb';
import { scanAll, signal, sourceFixture } from './source-fixture.js';

const events = { emit: (_event: DomainEvent) => undefined };

describe('describing a source', () => {
  it('says which cluster and version it is, the same for every database', async () => {
    await using fixture = await sourceFixture();
    const description = await fixture.source.describe(signal);
    expect(description).toEqual({
      clusterId: 'replicaSet:rs0',
      serverVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    await using other = await sourceFixture();
    expect(await other.source.describe(signal)).toEqual(description);
  });

  it('has a majority time that never falls, and knows how far history reaches back', async () => {
    await using fixture = await sourceFixture();
    const first = await fixture.source.majorityTime(signal);
    await fixture.db.collection('a').insertOne({}, { writeConcern: { w: 'majority' } });
    const second = await fixture.source.majorityTime(signal);
    expect(second).toBeGreaterThan(first);
    const oplog = await fixture.source.readOplog(signal);
    if (oplog.kind !== 'known') throw new Error('the oplog of the shared server can be read');
    expect(oplog.oldest).toBeLessThan(first);
    expect(oplog.newest).toBeGreaterThanOrEqual(second);
    expect(oplog.fullness).toBeGreaterThan(0);
    expect(oplog.fullness).toBeLessThanOrEqual(1);
    expect(await fixture.source.estimateCount('a', signal)).toBe(1);
  });

  it('knows the newest write, which is not before what is confirmed', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.collection('a').insertOne({}, { writeConcern: { w: 'majority' } });
    const confirmed = await fixture.source.majorityTime(signal);
    expect(await fixture.source.newestTime(signal)).toBeGreaterThanOrEqual(confirmed);
  });

  it('lists a time series as what it is, and nothing of what it is made of', async () => {
    await using fixture = await sourceFixture();
    await fixture.db.createCollection('series', { timeseries: { timeField: 'at' } });
    await fixture.db.collection('series').insertOne({ at: new Date(), v: 1 });
    expect(await fixture.source.listCollections(signal)).toMatchObject([{ name: 'series', type: 'timeseries' }]);
  });

  it.each<[string, number, string]>([
    ['hello', 18, 'SOURCE_AUTH_FAILED'],
    ['listCollections', 13, 'SOURCE_PERMISSION_MISSING'],
    ['aggregate', 13, 'SOURCE_PERMISSION_MISSING'],
    ['find', 148, 'SOURCE_MAJORITY_UNAVAILABLE'],
    ['aggregate', 40573, 'SOURCE_NOT_REPLICA_SET'],
    ['buildInfo', 91, 'SOURCE_UNREACHABLE'],
  ])('codes an error of %s with server code %d as %s', async (command, errorCode, code) => {
    await using fixture = await sourceFixture();
    await fixture.source.majorityTime(signal);
    await fixture.failCommand([command], { errorCode });
    await expect(fixture.source.describe(signal)).rejects.toMatchObject({ code });
  });

  it('takes the commit point of the primary where the user may not read the probed collection', async () => {
    await using fixture = await sourceFixture();
    const before = await fixture.source.majorityTime(signal);
    await fixture.failCommand(['find'], { errorCode: 13 });
    expect(await fixture.source.majorityTime(signal)).toBeGreaterThanOrEqual(before);
  });

  it('says so where the oplog may not be read', async () => {
    await using fixture = await sourceFixture();
    await fixture.source.majorityTime(signal);
    await fixture.failCommand(['find'], { errorCode: 13 });
    const unreadable = { kind: 'unreadable', code: 'SOURCE_OPLOG_UNREADABLE' };
    expect(await fixture.source.readOplog(signal)).toEqual(unreadable);
  });

  it('takes an oplog for full where its size is not told', async () => {
    await using fixture = await sourceFixture();
    await fixture.source.majorityTime(signal);
    await fixture.failCommand(['aggregate'], { errorCode: 13 });
    expect(await fixture.source.readOplog(signal)).toMatchObject({ kind: 'known', fullness: 1 });
  });

  it('needs the privileges of the role read on local for it, and nothing else for a sync', async () => {
    await using guarded = await startReplicaSet({ auth: true });
    const onData = { resource: { db: 'x', collection: '' }, actions: ['find', 'changeStream', 'listCollections'] };
    const onOplog = { resource: { db: 'local', collection: 'oplog.rs' }, actions: ['find', 'collStats'] };
    const [bare, able] = [
      createMongoSource({
        uri: await guarded.createUser('bare', 'a-password', [onData]),
        database: 'x',
        connectorId: 'con_x',
        events,
      }),
      createMongoSource({
        uri: await guarded.createUser('able', 'a-password', [onData, onOplog]),
        database: 'x',
        connectorId: 'con_x',
        events,
      }),
    ];
    try {
      await bare.describe(signal);
      expect(await bare.readOplog(signal)).toEqual({ kind: 'unreadable', code: 'SOURCE_OPLOG_UNREADABLE' });
      const oplog = await able.readOplog(signal);
      expect(oplog).toMatchObject({ kind: 'known' });
      // A young oplog has room left: its length is not all that it will hold.
      expect(oplog.kind === 'known' && oplog.fullness).toBeLessThan(1);
    } finally {
      await Promise.all([bare.close(), able.close()]);
    }
  }, 60_000);

  it('cannot reach a server that is not there, within a bound and without telling the password', async () => {
    const source = createMongoSource({
      uri: 'mongodb://user:hunter2@127.0.0.1:1/',
      database: 'x',
      connectorId: 'con_x',
      events,
    });
    const started = performance.now();
    const error: unknown = await source.describe(signal).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', message: expect.not.stringContaining('hunter2') });
    expect(performance.now() - started).toBeLessThan(15_000);
    await source.close();
  }, 20_000);

  it('refuses a standalone server', async () => {
    await using standalone = await startReplicaSet({ members: 0 });
    const source = createMongoSource({ uri: standalone.url, database: 'x', connectorId: 'con_x', events });
    await expect(source.describe(signal)).rejects.toMatchObject({ code: 'SOURCE_NOT_REPLICA_SET' });
    await source.close();
  }, 60_000);
});

describe('a source behind a bad network', () => {
  it('notices within a bound that a connection is half open, and works again afterwards', async () => {
    const port = Number(new URL(testServers().mongodbUrl).port);
    await using proxy = await TcpFaultProxy.start(port);
    await using fixture = await sourceFixture({ uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true` });
    const time = await fixture.source.majorityTime(signal);
    const reader = await fixture.source.openStream({ collections: ['a'], start: { kind: 'at', time }, signal });
    await reader.next(10, signal);
    proxy.inject({ kind: 'blackHole' });
    const started = performance.now();
    await expect(reader.next(1_000, signal)).rejects.toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(performance.now() - started).toBeLessThan(40_000);
    proxy.heal();
    await reader.close();
    expect(await eventually(() => fixture.source.majorityTime(signal))).toBeGreaterThanOrEqual(time);
  }, 90_000);

  it('loses no document of a scan through connections that break, when the caller goes on', async () => {
    const port = Number(new URL(testServers().mongodbUrl).port);
    await using proxy = await TcpFaultProxy.start(port);
    await using fixture = await sourceFixture({ uri: `mongodb://127.0.0.1:${proxy.port}/?directConnection=true` });
    const documents = Array.from({ length: 5_000 }, (_, n) => ({ _id: n as never, text: 'x'.repeat(1_000) }));
    await fixture.db.collection('many').insertMany(documents);
    const atLeast = await fixture.source.majorityTime(signal);
    const ids: string[] = [];
    let after: string | null = null;
    for (let page = 0, isLast = false; !isLast; page += 1) {
      if (page % 2 === 1) proxy.cutAll();
      const read = await eventually(() =>
        fixture.source.scan({ collection: 'many', after, upTo: null, atLeast, signal }),
      );
      ids.push(...read.batch.documents.map(({ id }) => id));
      ({ cursor: after, isLast } = read);
    }
    expect(ids).toEqual(documents.map(({ _id }) => `{"$number":"${String(_id)}"}`));
  }, 60_000);
});

describe('a source whose primary changes', () => {
  it('reads on from the new primary without a gap', async () => {
    await using set = await startReplicaSet({ members: 3 });
    const database = uniqueName('source');
    const client = await new MongoClient(set.url).connect();
    const source = createMongoSource({ uri: set.url, database, connectorId: 'con_x', events });
    try {
      const documents = Array.from({ length: 3_000 }, (_, n) => ({ _id: n as never, text: 'x'.repeat(1_000) }));
      await client
        .db(database)
        .collection('many')
        .insertMany(documents, { writeConcern: { w: 'majority' } });
      const atLeast = await source.majorityTime(signal);
      const first = await source.scan({ collection: 'many', after: null, upTo: null, atLeast, signal });
      await set.stepDown();
      const rest = await eventually(
        () => source.scan({ collection: 'many', after: first.cursor, upTo: null, atLeast, signal }),
        {
          timeoutMs: 30_000,
        },
      );
      expect(rest.batch.documents[0]?.id).toBe('{"$number":"200"}');
      expect(await eventually(() => scanAll(source, 'many'))).not.toHaveLength(0);
    } finally {
      await source.close();
      await client.close();
    }
  }, 120_000);
});
