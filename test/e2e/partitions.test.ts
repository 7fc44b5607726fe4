import { setTimeout as pause } from 'node:timers/promises';
import { Binary, Decimal128, Int32, Long, MongoClient, ObjectId, type Collection, type Document } from 'mongodb';
import {
  ElasticsearchFaultProxy,
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { shopOrder } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 120_000, intervalMs: 200 };
const ENV = {
  LOCKSTEP_SCAN_TURN_MS: '300',
  LOCKSTEP_LEASE_TTL_MS: '6000',
  LOCKSTEP_HEARTBEAT_INTERVAL_MS: '1500',
};
const COUNT = 8_000;
const PACE_MS = 100;

interface StoredPartition {
  readonly generation: number;
  readonly partition: number;
  readonly lease: { readonly workerId: string } | null;
  readonly counters?: Readonly<Record<string, { readonly changes: number }>>;
  readonly bindings: Readonly<Record<string, { readonly scan: object | null; readonly range?: object }>>;
}

/** `_id`s of every type that BSON orders by its own rules. */
function idOf(n: number): unknown {
  const kinds = [
    () => new ObjectId(),
    () => new Int32(n),
    () => `text ${n}`,
    () => Long.fromBigInt(9_007_199_254_740_993n + BigInt(n)),
    () => ({ region: n % 7, number: n }),
    () => new Binary(Buffer.from(`bytes ${n}`)),
    () => Decimal128.fromString(`${n}.25`),
    () => new Date(n * 1_000),
  ];
  return kinds[n % kinds.length]!();
}

const documents = (count: number, from = 0): Document[] =>
  Array.from({ length: count }, (_, i) => ({ _id: idOf(from + i) as ObjectId, ...shopOrder(from + i) }));

/** A connector says that it is paused a moment before its workers have given it back. */
const positionSet = (lockstep: LockstepInstance, id: string, body: object): Promise<unknown> =>
  eventually(
    async () => {
      const answer = await lockstep.call('POST', `/api/v1/connectors/${id}/actions/setPosition`, body);
      return answer.status === 202 ? (answer.body as object) : Promise.reject(new Error(JSON.stringify(answer.body)));
    },
    { ...SOON, what: 'the position to be set' },
  );

jest.setTimeout(300_000);

describe('a connector with partitions', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: ENV });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('partitions');
  const writers: (() => Promise<void>)[] = [];
  let orders: Collection;
  let id: string;
  let firstJob: string;

  const sides = (collection = 'orders'): ComparedSides => ({
    ...{ mongodbUrl, elasticsearchUrl, database, collection, index: `${database}-${collection}` },
  });
  const partitions = async (generation: number): Promise<readonly StoredPartition[]> => {
    await httpJson(`${elasticsearchUrl}/${lockstep.prefix}-state/_refresh`, { method: 'POST' });
    const { body } = await httpJson(
      `${elasticsearchUrl}/${lockstep.prefix}-state/_search?size=100&q=generation:${generation}&sort=partition`,
    );
    return (body as { hits: { hits: { _source: StoredPartition }[] } }).hits.hits.map(({ _source }) => _source);
  };
  const holders = async (generation: number): Promise<ReadonlySet<string>> =>
    new Set((await partitions(generation)).flatMap(({ lease }) => lease?.workerId ?? []));
  const ended = (jobId: string) =>
    eventually(
      async () => {
        const job = await lockstep.job(jobId);
        return ['completed', 'failed', 'canceled'].includes(job.state)
          ? job
          : Promise.reject(new Error(JSON.stringify(job)));
      },
      { ...SOON, what: 'the job to end' },
    );

  /** Writes of every kind in every part, until it is told to stop. */
  function writer(from: number): () => Promise<void> {
    let isOver = false;
    const running = (async () => {
      for (let i = 0; !isOver; i += 1) {
        await orders.insertMany(documents(8, from + i * 8));
        const some = await orders.aggregate([{ $sample: { size: 12 } }, { $project: { _id: 1 } }]).toArray();
        const ids = some.map(({ _id }) => _id as ObjectId);
        await orders.updateMany({ _id: { $in: ids.slice(4) } }, { $set: { title: `round ${i}` } });
        await orders.deleteMany({ _id: { $in: ids.slice(0, 4) } });
        await pause(PACE_MS);
      }
    })();
    const stop = (): Promise<void> => {
      isOver = true;
      return running;
    };
    writers.push(stop);
    return stop;
  }

  beforeAll(async () => {
    await client.connect();
    const db = client.db(database);
    orders = db.collection('orders');
    await orders.insertMany(documents(COUNT));
    await db.collection('few').insertMany(documents(50));
    const collated = await db.createCollection<{ _id: string; n: number }>('collated', {
      collation: { locale: 'de', strength: 1 },
    });
    await collated.insertMany(Array.from({ length: 5_000 }, (_, n) => ({ _id: `Straße ${n}`, n })));
    await lockstep.start(2);
    id = await lockstep.createConnector({
      name: 'parted',
      source: { uri: mongodbUrl, database, collections: ['orders', 'few', 'collated'], partitions: 4 },
      sink: { index: '{database}-{collection}' },
    });
  }, 120_000);

  afterAll(async () => {
    await Promise.all(writers.map((stop) => stop()));
    await lockstep.stop();
    for (const name of ['orders', 'few', 'collated']) {
      for (const number of [1, 2, 3]) {
        const index = `${database}-${name}-00000${number}`;
        await httpJson(`${elasticsearchUrl}/${index}`, { method: 'DELETE' });
      }
    }
    await client.db(database).dropDatabase();
    await client.close();
  }, 120_000);

  it('is scanned by several workers at once, while it changes', async () => {
    const stopWriting = writer(100_000);
    firstJob = (await lockstep.act(id, 'start'))!;
    const { state, progress } = await ended(firstJob);
    await stopWriting();
    expect({ state, phase: progress.phase }).toEqual({ state: 'completed', phase: 'done' });
    await eventually(async () => (await holders(1)).size === 2, { ...SOON, what: 'two holders' });
    const stored = await partitions(1);
    expect(stored.map(({ partition }) => partition)).toEqual([0, 1, 2, 3]);
    expect(stored.map(({ bindings }) => Object.keys(bindings).sort())).toEqual([
      ['collated', 'few', 'orders'],
      ['orders'],
      ['orders'],
      ['orders'],
    ]);
    for (const name of ['orders', 'few', 'collated']) await expectInLockstep(sides(name), SOON);
    expect(progress.done).toBeGreaterThan(COUNT);
  });

  it('counts what all of its partitions do in one stream sync, and says how far it is behind', async () => {
    await lockstep.untilStreaming(id);
    const [stream] = await lockstep.jobs(id, 'stream_sync');
    // What was written before is counted with the next checkpoints, and told later still: a pause saves all of them.
    await lockstep.act(id, 'pause');
    await eventually(async () => (await holders(1)).size === 0, { ...SOON, what: 'no holder' });
    const counted = (await partitions(1)).map(({ counters }) => counters?.[stream!.id]?.changes ?? 0);
    const before = counted.reduce((sum, changes) => sum + changes, 0);
    await lockstep.act(id, 'resume');
    const ids = (await orders.find({}, { projection: { _id: 1 }, limit: 1_000 }).toArray()).map(({ _id }) => _id);
    await orders.updateMany({ _id: { $in: ids } }, { $set: { title: 'counted' } });
    const added = documents(1_000, 200_000);
    await orders.insertMany(added);
    await expectInLockstep(sides(), SOON);
    await eventually(
      async () => {
        const { done } = (await lockstep.job(stream!.id)).progress;
        return done === before + 2_000 || Promise.reject(new Error(`${done - before} are`));
      },
      { ...SOON, what: 'two thousand changes to be counted' },
    );
    expect((await lockstep.job(stream!.id)).progress.lagMs).not.toBeNull();
  });

  it('goes on when a worker dies in the midst of changes', async () => {
    const stopWriting = writer(300_000);
    await lockstep.workers[1]!.stop('SIGKILL');
    await eventually(async () => (await holders(1)).size === 1, { ...SOON, what: 'one holder' });
    await stopWriting();
    await expectInLockstep(sides(), SOON);
    await lockstep.workers[1]!.start();
  });

  it('sweeps what is in the index and in no part of the source, with dead letters in each part tried again', async () => {
    const lost = await orders.aggregate([{ $sample: { size: 40 } }, { $project: { _id: 1 } }]).toArray();
    await lockstep.act(id, 'pause');
    await eventually(async () => (await lockstep.connector(id)).observedState === 'paused', SOON);
    await lockstep.act(id, 'resume');
    const orphans = Array.from({ length: 60 }, (_, n) =>
      JSON.stringify({ index: { _id: n % 2 === 0 ? `text ${900_000 + n}` : `{"$number":"${900_000 + n}"}` } }),
    );
    const body = `${orphans.join('\n{"title":"orphan"}\n')}\n{"title":"orphan"}\n`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const url = `${elasticsearchUrl}/${database}-orders-000001/_bulk?refresh=true`;
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
    // A number is no object: refused, whatever its part.
    const ids = lost.map(({ _id }) => _id as ObjectId);
    await orders.updateMany({ _id: { $in: ids } }, { $set: { items: 'refused' } });
    const open = async (): Promise<number> => {
      const { body: shown } = await lockstep.call('GET', `/api/v1/connectors/${id}`);
      return (shown as { openDeadLetters: number }).openDeadLetters;
    };
    await eventually(async () => (await open()) === ids.length, { ...SOON, what: 'the refused documents' });
    const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
    expect(await ended(jobId)).toMatchObject({ state: 'completed' });
    await orders.updateMany({ _id: { $in: ids } }, { $unset: { items: 1 } });
    await expectInLockstep(sides(), SOON);
    await eventually(async () => (await open()) === 0, { ...SOON, what: 'the dead letters to be resolved' });
  });

  it('is filled anew with another number of parts, beside the one that serves', async () => {
    const stopWriting = writer(400_000);
    const { status } = await lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: { partitions: 2 } });
    expect(status).toBe(200);
    await eventually(
      async () => (await lockstep.connector(id)).conditions.some(({ code }) => code === 'CONNECTOR_RESYNC_DUE'),
      { ...SOON, what: 'CONNECTOR_RESYNC_DUE' },
    );
    const jobId = (await lockstep.act(id, 'resync'))!;
    expect(await ended(jobId)).toMatchObject({ state: 'completed', mode: 'newGeneration' });
    await stopWriting();
    expect((await partitions(2)).map(({ partition }) => partition)).toEqual([0, 1]);
    for (const name of ['orders', 'few', 'collated']) await expectInLockstep(sides(name), SOON);
    await lockstep.untilStreaming(id);
  });

  it('comes back whole when it is rolled back', async () => {
    const stopWriting = writer(500_000);
    const jobId = (await lockstep.act(id, 'rollback'))!;
    expect(await ended(jobId)).toMatchObject({ state: 'completed', mode: 'rollback' });
    await stopWriting();
    await expectInLockstep(sides(), SOON);
    await eventually(async () => (await holders(1)).size === 2, { ...SOON, what: 'two holders' });
  });

  it('leaves nothing behind when it is stopped and removed', async () => {
    await lockstep.act(id, 'stop');
    await eventually(async () => (await lockstep.connector(id)).observedState === 'idle', SOON);
    expect((await lockstep.call('DELETE', `/api/v1/connectors/${id}`)).status).toBe(204);
    expect([...(await partitions(1)), ...(await partitions(2))]).toEqual([]);
  });
});

describe('partitions that are read again in place', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: ENV });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('parts');
  const sides: ComparedSides = {
    ...{ mongodbUrl, elasticsearchUrl, database },
    ...{ collection: 'orders', index: `${database}-orders` },
  };
  let orders: Collection;
  let id: string;

  const streaming = async (): Promise<void> => {
    await expectInLockstep(sides, SOON);
    await lockstep.untilStreaming(id, SOON.timeoutMs);
  };
  const paused = async (): Promise<void> => {
    await lockstep.act(id, 'pause');
    await eventually(async () => (await lockstep.connector(id)).observedState === 'paused', {
      ...SOON,
      what: 'paused',
    });
  };

  beforeAll(async () => {
    await client.connect();
    orders = client.db(database).collection('orders');
    await orders.insertMany(documents(4_000));
    await lockstep.start(2);
    id = await lockstep.sync({
      name: 'in place',
      source: { uri: mongodbUrl, database, collections: ['orders'], partitions: 3, onDrop: 'follow' },
      sink: { index: `${database}-orders`, layout: 'index', brakeRatio: 1 },
    });
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await httpJson(`${elasticsearchUrl}/${database}-orders`, { method: 'DELETE' });
    await client.db(database).dropDatabase();
    await client.close();
  }, 120_000);

  it('take a collection up that is dropped and made anew under its name', async () => {
    await orders.drop();
    await orders.insertMany(documents(5_000, 50_000));
    await streaming();
    await orders.updateMany({}, [{ $set: { title: 'anew' } }]);
    await streaming();
  });

  it('leave no gap when the position is set forward', async () => {
    await paused();
    const ids = (await orders.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id);
    await orders.deleteMany({ _id: { $in: ids.filter((_, n) => n % 50 === 0) } });
    await orders.updateMany({ _id: { $in: ids.filter((_, n) => n % 50 === 1) } }, { $set: { title: 'unseen' } });
    const { operationTime } = await client.db('admin').command({ ping: 1 });
    const { t, i } = operationTime as { t: number; i: number };
    const body = { time: `${t}.${i + 1}`, reason: 'a test' };
    expect(await positionSet(lockstep, id, body)).toMatchObject({ isResyncDue: true });
    await orders.insertMany(documents(100, 90_000));
    await lockstep.act(id, 'resume');
    await streaming();
  });

  it('come back to the index of before when the one that a resync is to fill is refused', async () => {
    const theirs = `${database}-theirs`;
    await httpJson(`${elasticsearchUrl}/${theirs}`, { method: 'PUT' });
    const named = async (index: string): Promise<void> => {
      const { status } = await lockstep.call('PATCH', `/api/v1/connectors/${id}`, { sink: { index } });
      expect(status).toBe(200);
    };
    await named(theirs);
    await eventually(
      async () => (await lockstep.connector(id)).conditions.some(({ code }) => code === 'CONNECTOR_RESYNC_DUE'),
      { ...SOON, what: 'CONNECTOR_RESYNC_DUE' },
    );
    const jobId = (await lockstep.act(id, 'resync'))!;
    await eventually(async () => (await lockstep.job(jobId)).error?.code === 'SINK_TARGET_FOREIGN', {
      ...SOON,
      what: 'the refusal',
    });
    await orders.updateMany({}, [{ $set: { title: 'meanwhile' } }]);
    await orders.deleteMany({ quantity: 3 });
    await named(sides.index);
    await streaming();
    expect((await lockstep.connector(id)).conditions).toEqual([]);
    await httpJson(`${elasticsearchUrl}/${theirs}`, { method: 'DELETE' });
  });

  it("become fewer by a resync, and what was another one's is followed on", async () => {
    const { status } = await lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: { partitions: 2 } });
    expect(status).toBe(200);
    await eventually(
      async () => (await lockstep.connector(id)).conditions.some(({ code }) => code === 'CONNECTOR_RESYNC_DUE'),
      { ...SOON, what: 'CONNECTOR_RESYNC_DUE' },
    );
    await lockstep.act(id, 'resync');
    await eventually(async () => (await lockstep.connector(id)).conditions.length === 0, {
      ...SOON,
      what: 'new rules',
    });
    await orders.updateMany({}, { $set: { title: 'two parts' } });
    await streaming();
    const held = async (): Promise<string[]> => {
      const { body } = await lockstep.call('GET', '/api/v1/workers');
      return (body as { items: { partitions: string[] }[] }).items.flatMap(({ partitions }) => partitions).sort();
    };
    // What a worker holds is told by its heartbeat, and a partition that is no more is given back at the next look.
    await eventually(async () => (await held()).length === 2, { ...SOON, what: 'two partitions to be held' });
    expect(await held()).toEqual([`${id}:1:0`, `${id}:1:1`]);
  });
});

describe('partitions of which one lags behind', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: ENV });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('lagging');
  const index = `${database}-orders`;
  const sides: ComparedSides = { mongodbUrl, elasticsearchUrl, database, collection: 'orders', index };
  const KEYS = 4_000;
  let proxy: ElasticsearchFaultProxy;
  let refused = 0;
  let orders: Collection<{ _id: number; v: number }>;
  let id: string;

  interface Stored {
    readonly position: { readonly h: string } | null;
    readonly bindings: Readonly<Record<string, { readonly scan: { readonly seqNoMarks: object | null } | null }>>;
  }
  const stored = async (partition: number): Promise<Stored> =>
    (await httpJson(`${elasticsearchUrl}/${lockstep.prefix}-state/_doc/${id}:1:${partition}`)).body._source as Stored;
  const isBehind = (h: string | undefined, time: string): boolean => {
    const [at = 0, by = 0] = (h ?? '0.0').split('.').map(Number);
    const [toAt = 0, toBy = 0] = time.split('.').map(Number);
    return at < toAt || (at === toAt && by <= toBy);
  };
  const sourceTime = async (): Promise<string> => {
    const { operationTime } = await client.db('admin').command({ ping: 1 });
    const { t, i } = operationTime as { t: number; i: number };
    return `${t}.${i}`;
  };
  /** What the second partition writes is refused as by a server that is too busy, and tried again and again. */
  const hold = (): void => {
    proxy.refuseBulkItems(({ index: alias = '' }) => {
      if (!alias.includes('-WRITE-P1')) return undefined;
      refused += 1;
      return { status: 429, type: 'es_rejected_execution_exception' };
    });
  };

  beforeAll(async () => {
    await client.connect();
    proxy = await ElasticsearchFaultProxy.start(elasticsearchUrl);
    orders = client.db(database).collection('orders');
    await orders.insertMany(Array.from({ length: KEYS }, (_, n) => ({ _id: n, v: 0 })));
    await lockstep.start();
    id = await lockstep.sync({
      name: 'lagging',
      source: { uri: mongodbUrl, database, collections: ['orders'], partitions: 2 },
      sink: { index, layout: 'index', brakeRatio: 1, elasticsearch: { url: proxy.url } },
    });
    expect((await stored(1)).bindings).toHaveProperty('orders');
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await proxy.stop();
    for (const name of [index, `${database}-served-000001`, `${database}-served-000002`]) {
      await httpJson(`${elasticsearchUrl}/${name}`, { method: 'DELETE' });
    }
    await client.db(database).dropDatabase();
    await client.close();
  }, 120_000);

  it('leave nothing out when the position is set between theirs', async () => {
    hold();
    await orders.updateMany({ _id: { $gte: KEYS - 200 } }, { $set: { v: 1 } });
    await orders.deleteMany({ _id: { $in: [KEYS - 3, KEYS - 7] } });
    const time = await sourceTime();
    await orders.updateMany({ _id: { $lt: 200 } }, { $set: { v: 1 } });
    await eventually(async () => !isBehind((await stored(0)).position?.h, time), { ...SOON, what: 'the lead to pass' });
    expect(isBehind((await stored(1)).position?.h, time)).toBe(true);
    await lockstep.act(id, 'pause');
    await eventually(async () => (await lockstep.connector(id)).observedState === 'paused', SOON);
    const body = { time, reason: 'a test' };
    expect(await positionSet(lockstep, id, body)).toMatchObject({ to: time, isResyncDue: true });
    proxy.heal();
    await lockstep.act(id, 'resume');
    await lockstep.untilStreaming(id, SOON.timeoutMs);
    await expectInLockstep(sides, SOON);
  });

  it('leave nothing behind of what they had on their way when all is read again by other rules', async () => {
    hold();
    const gone = KEYS - 11;
    await orders.updateOne({ _id: gone }, { $set: { v: 2 } });
    const { status } = await lockstep.call('PATCH', `/api/v1/connectors/${id}`, {
      source: { fields: { exclude: ['w'] } },
    });
    expect(status).toBe(200);
    await eventually(
      async () => (await lockstep.connector(id)).conditions.some(({ code }) => code === 'CONNECTOR_RESYNC_DUE'),
      { ...SOON, what: 'CONNECTOR_RESYNC_DUE' },
    );
    const before = refused;
    await eventually(() => refused > before + 1, { ...SOON, what: 'the update to be on its way' });
    const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
    const marked = async (): Promise<boolean> => ((await stored(0)).bindings.orders?.scan?.seqNoMarks ?? null) !== null;
    await eventually(marked, { ...SOON, what: 'the lead to have begun anew' });
    await orders.deleteOne({ _id: gone });
    proxy.heal();
    await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { ...SOON, what: 'the resync' });
    await expectInLockstep(sides, SOON);
    await lockstep.untilStreaming(id, SOON.timeoutMs);
  });

  it('name the one that a new generation waits for, and it serves once that has caught up', async () => {
    const served = `${database}-served`;
    const other = await lockstep.sync({
      name: 'waits to serve',
      source: { uri: mongodbUrl, database, collections: ['orders'], partitions: 2, filter: { v: { $lt: 100 } } },
      sink: { index: served, brakeRatio: 0.01, elasticsearch: { url: proxy.url } },
    });
    await orders.updateMany({ _id: { $lt: 400 } }, { $set: { w: 1 } });
    const filter = { w: { $exists: false } };
    expect((await lockstep.call('PATCH', `/api/v1/connectors/${other}`, { source: { filter } })).status).toBe(200);
    const jobId = (await lockstep.act(other, 'resync'))!;
    const waitsFor = (code: string) =>
      eventually(async () => (await lockstep.job(jobId)).condition?.code === code, { ...SOON, what: code });
    // The brake holds what is filled, so that the one partition falls behind between filling and serving.
    await waitsFor('GENERATION_BRAKE_ENGAGED');
    hold();
    await orders.updateOne({ _id: KEYS - 13 }, { $set: { v: 3 } });
    await orders.deleteOne({ _id: KEYS - 17 });
    expect((await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/confirm`)).status).toBe(202);
    await waitsFor('GENERATION_PARTITION_BEHIND');
    await eventually(
      async () =>
        (await lockstep.connector(other)).conditions.some(({ message }) => message.includes('partition 1 is behind')),
      { ...SOON, what: 'the connector to name partition 1' },
    );
    proxy.heal();
    await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { ...SOON, what: 'the resync' });
    await expectInLockstep({ ...sides, index: served, filter }, SOON);
    await lockstep.untilStreaming(other, SOON.timeoutMs);
    expect(await lockstep.job(jobId)).toMatchObject({ condition: null, error: null });
  });
});
