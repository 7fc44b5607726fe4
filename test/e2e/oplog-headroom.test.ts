import { MongoClient, type Collection } from 'mongodb';
import {
  ElasticsearchFaultProxy,
  eventually,
  expectInLockstep,
  httpJson,
  httpText,
  LockstepInstance,
  startReplicaSet,
  testServers,
  uniqueName,
  type ReplicaSet,
} from '@lockstep/testing';

const { elasticsearchUrl } = testServers();
/** The smallest that a server takes: full after a few inserts, so that it spans seconds only. */
const SMALL_OPLOG = { oplogSizeMb: 8, setParameters: ['minSnapshotHistoryWindowInSeconds=0'] };

interface Headroom {
  readonly headroomMs: number | null;
  readonly windowMs: number | null;
  readonly unknownCode: string | null;
}

describe('an oplog that runs out', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const database = uniqueName('headroom');
  let set: ReplicaSet;
  let client: MongoClient;
  let orders: Collection<{ _id: number }>;
  let proxy: ElasticsearchFaultProxy;
  let id: string;

  const progress = async (of: string) => {
    const [stream] = await lockstep.jobs(of, 'stream_sync');
    return stream?.progress as { readonly headroom: Headroom | null; readonly lagMs: number | null } | undefined;
  };
  const headroom = async (): Promise<Headroom | null> => (await progress(id))?.headroom ?? null;
  const conditions = async (of = id) => (await lockstep.connector(of)).conditions.map(({ code }) => code);
  /** What the worker's metrics say of a connector; undefined where there is no such series. */
  const metric = async (name: string, of: string): Promise<number | undefined> => {
    const { body } = await httpText(`${lockstep.workers[0]!.url}/metrics`);
    const value = new RegExp(`^${name}{connector="${of}"} (.+)$`, 'm').exec(body)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const freezeTarget = async (isFrozen: boolean): Promise<void> => {
    const body = { 'index.blocks.write': isFrozen };
    const answer = await httpJson(`${elasticsearchUrl}/${database}-orders/_settings`, { method: 'PUT', body });
    expect(answer.status).toBe(200);
  };

  /** Writes elsewhere: after so many the oplog has nothing older. */
  const fillOplog = async (): Promise<void> => {
    const filler = client.db(`${database}-filler`).collection('filler');
    for (let n = 0; n < 12; n += 1) await filler.insertOne({ text: 'x'.repeat(1024 * 1024) });
  };

  beforeAll(async () => {
    proxy = await ElasticsearchFaultProxy.start(elasticsearchUrl);
    set = await startReplicaSet(SMALL_OPLOG);
    client = await new MongoClient(set.url).connect();
    orders = client.db(database).collection('orders');
    await lockstep.start();
    await orders.insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: n })));
    await fillOplog();
    id = await lockstep.sync({
      name: 'headroom',
      source: { uri: set.url, database, collections: ['orders'] },
      sink: { index: '{database}-{collection}' },
    });
  }, 150_000);

  afterAll(async () => {
    await lockstep.stop();
    await proxy?.stop();
    await client?.close();
    await set?.stop();
  }, 90_000);

  it('is told while the position stands still, with what to do, and taken back once it moves again', async () => {
    // A few seconds of history are hardly more than what an idle stream is behind.
    await eventually(async () => ((await headroom())?.windowMs ?? 0) >= 10_000 && (await conditions()).length === 0, {
      timeoutMs: 60_000,
      what: 'some history and nothing to tell',
    });
    const before = (await headroom())!;
    expect(before.unknownCode).toBeNull();
    expect(before.windowMs).toBeGreaterThan(0);
    expect(before.headroomMs).toBeLessThanOrEqual(before.windowMs!);
    const metrics = (await httpJson(`${lockstep.workers[0]!.url}/metrics`)).body as string;
    for (const name of ['headroom', 'window']) {
      expect(metrics).toMatch(new RegExp(`lockstep_oplog_${name}_seconds{connector="${id}"} [0-9.]+`));
    }

    // The source has hardly anything new: it is by its tokens alone that the position is seen to fall behind.
    await freezeTarget(true);
    await orders.insertOne({ _id: 1_000 });
    await eventually(async () => (await conditions()).includes('SOURCE_HEADROOM_LOW'), {
      timeoutMs: 90_000,
      what: 'the condition',
    });
    const { conditions: told } = (await lockstep.call('GET', `/api/v1/connectors/${id}`)).body as {
      conditions: { code: string; reason: string; remedy: string }[];
    };
    const low = told.find(({ code }) => code === 'SOURCE_HEADROOM_LOW')!;
    expect([low.reason, low.remedy]).toEqual(['HeadroomLow', expect.stringContaining('oplog larger')]);
    await eventually(
      async () => {
        const { headroomMs, windowMs } = (await headroom())!;
        return headroomMs! / windowMs! < 0.6;
      },
      { timeoutMs: 30_000, what: 'the headroom of the job to be short' },
    );

    await freezeTarget(false);
    await eventually(async () => !(await conditions()).includes('SOURCE_HEADROOM_LOW'), {
      timeoutMs: 60_000,
      what: 'the condition to go',
    });
    await lockstep.untilStreaming(id);
    const sides = {
      mongodbUrl: set.url,
      elasticsearchUrl,
      database,
      collection: 'orders',
      index: `${database}-orders`,
    };
    expect((await expectInLockstep(sides)).checked).toBe(101);
  }, 300_000);

  it('is told while the target is down, from the start of a worker to the loss of the position', async () => {
    await lockstep.act(id, 'pause');
    const parts = client.db(database).collection<{ _id: number }>('parts');
    await parts.insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: n })));
    await fillOplog();
    const away = await lockstep.sync({
      name: 'away',
      source: { uri: set.url, database, collections: ['parts'] },
      sink: { index: '{database}-away-{collection}', elasticsearch: { url: proxy.url } },
    });
    const worker = lockstep.workers[0]!;
    expect(await worker.stop('SIGTERM')).toBe(0);
    proxy.refuseRequests(() => ({ status: 503, type: 'unavailable' }));
    await parts.insertMany(Array.from({ length: 50 }, (_, n) => ({ _id: 1_000 + n })));
    await parts.deleteMany({ _id: { $lt: 10 } });
    await worker.start();

    await eventually(async () => (await conditions(away)).includes('SOURCE_HEADROOM_LOW'), {
      timeoutMs: 90_000,
      what: 'the condition',
    });
    const waiting = await lockstep.connector(away);
    expect(waiting.observedState).toBe('waiting');
    expect(waiting.conditions.map(({ reason }) => reason).sort()).toEqual(['HeadroomLow', 'Waiting']);
    // The live figures come a moment later.
    const early = await eventually(
      async () => {
        const told = await progress(away);
        const isTold = (told?.headroom?.headroomMs ?? 0) > 0 && (told?.lagMs ?? 0) > 0;
        return isTold && { lagMs: told!.lagMs!, lag: await metric('lockstep_stream_lag_seconds', away) };
      },
      { timeoutMs: 10_000, what: 'the figures of the job' },
    );

    await fillOplog();
    await eventually(async () => (await metric('lockstep_oplog_headroom_seconds', away)) === 0, {
      timeoutMs: 60_000,
      what: 'the position to be lost',
    });
    await eventually(async () => (await progress(away))?.headroom?.headroomMs === 0, { what: 'the job to tell it' });
    expect((await progress(away))!.lagMs).toBeGreaterThan(early.lagMs);
    expect(await metric('lockstep_stream_lag_seconds', away)).toBeGreaterThan(early.lag!);
    expect(await conditions(away)).toContain('SOURCE_HEADROOM_LOW');

    proxy.heal();
    // Who waits is woken by it.
    const resync = (await lockstep.act(away, 'resync', { mode: 'inPlace' }))!;
    await eventually(async () => (await lockstep.job(resync)).state === 'completed', {
      timeoutMs: 90_000,
      what: 'the resync',
    });
    await lockstep.untilStreaming(away);
    const streams = await lockstep.jobs(away, 'stream_sync');
    expect(streams.map(({ error }) => error?.code)).toContain('SOURCE_HISTORY_LOST');
    const sides = { mongodbUrl: set.url, elasticsearchUrl, database, collection: 'parts' };
    expect((await expectInLockstep({ ...sides, index: `${database}-away-parts` })).checked).toBe(140);
  }, 300_000);
});
