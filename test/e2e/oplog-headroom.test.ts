import { MongoClient, type Collection } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  httpJson,
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
  let id: string;

  const headroom = async (): Promise<Headroom | null> => {
    const [stream] = await lockstep.jobs(id, 'stream_sync');
    return (stream?.progress as { readonly headroom?: Headroom | null } | undefined)?.headroom ?? null;
  };
  const conditions = async () => (await lockstep.connector(id)).conditions.map(({ code }) => code);
  const freezeTarget = async (isFrozen: boolean): Promise<void> => {
    const body = { 'index.blocks.write': isFrozen };
    const answer = await httpJson(`${elasticsearchUrl}/${database}-orders/_settings`, { method: 'PUT', body });
    expect(answer.status).toBe(200);
  };

  beforeAll(async () => {
    set = await startReplicaSet(SMALL_OPLOG);
    client = await new MongoClient(set.url).connect();
    orders = client.db(database).collection('orders');
    await lockstep.start();
    await orders.insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: n })));
    const filler = client.db(`${database}-filler`).collection('filler');
    for (let n = 0; n < 12; n += 1) await filler.insertOne({ text: 'x'.repeat(1024 * 1024) });
    id = await lockstep.sync({
      name: 'headroom',
      source: { uri: set.url, database, collections: ['orders'] },
      sink: { index: '{database}-{collection}' },
    });
  }, 150_000);

  afterAll(async () => {
    await lockstep.stop();
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
});
