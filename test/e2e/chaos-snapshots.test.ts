import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Collection } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  LockstepInstance,
  startElasticsearch,
  testServers,
  uniqueName,
  type ElasticsearchServer,
} from '@lockstep/testing';
import { PATIENCE_MS } from './chaos-harness';
import { shopOrders } from './shop-data';

const { mongodbUrl } = testServers();
const SOON = { timeoutMs: PATIENCE_MS };
const SHORT_LEASES = { LOCKSTEP_LEASE_TTL_MS: '5000', LOCKSTEP_HEARTBEAT_INTERVAL_MS: '1000' };

describe('an Elasticsearch of which snapshots are restored', () => {
  const database = uniqueName('restored');
  const index = `${database}-orders`;
  const client = new MongoClient(mongodbUrl);
  let repository: string;
  let server: ElasticsearchServer;
  let lockstep: LockstepInstance;
  let orders: Collection;
  let id: string;

  beforeAll(async () => {
    repository = await mkdtemp(join(tmpdir(), 'lockstep-snapshots-'));
    // Elasticsearch may run as another user.
    await chmod(repository, 0o777);
    server = await startElasticsearch({ settings: { 'path.repo': repository } });
    lockstep = new LockstepInstance({ elasticsearchUrl: server.url, env: SHORT_LEASES });
    await Promise.all([client.connect(), lockstep.start()]);
    orders = client.db(database).collection('orders');
    await orders.insertMany(shopOrders(300));
    const source = { uri: mongodbUrl, database, collections: ['orders'] };
    id = await lockstep.sync({ name: 'restored', source, sink: { index } });
    await inLockstep();
    await must('PUT', '/_snapshot/repository', { type: 'fs', settings: { location: repository } });
    await must('PUT', '/_snapshot/repository/before?wait_for_completion=true', { include_global_state: false });
  }, 2 * PATIENCE_MS);

  afterAll(async () => {
    await lockstep?.stop();
    await server?.stop();
    await client.db(database).dropDatabase();
    await client.close();
    await rm(repository, { recursive: true, force: true });
  }, PATIENCE_MS);

  async function must(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const answer = await server.request(path, { method, ...(body === undefined ? {} : { body }) });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function inLockstep(): Promise<void> {
    const sides = { mongodbUrl, elasticsearchUrl: server.url, database, collection: 'orders', index };
    expect((await expectInLockstep(sides, SOON)).checked).toBe(await orders.countDocuments());
  }

  /** Inserts, updates and deletes that no snapshot has. */
  async function change(from: number): Promise<void> {
    const [gone, kept] = await orders.find().limit(2).toArray();
    await orders.insertMany(shopOrders(20, from));
    await orders.updateOne({ _id: kept!._id }, { $set: { title: 'changed' } });
    await orders.deleteOne({ _id: gone!._id });
  }

  /** Lets indices be what they were when the snapshot was taken. @param pattern with wildcards */
  async function restore(pattern: string): Promise<void> {
    const indices = Object.keys(await must('GET', `/${pattern}/_settings`)).join();
    await must('POST', `/${indices}/_close`);
    await must('POST', '/_snapshot/repository/before/_restore?wait_for_completion=true', { indices });
  }

  async function uuid(): Promise<string> {
    const { [`${index}-000001`]: found } = await must('GET', `/${index}-000001/_settings`);
    return (found as { settings: { index: { uuid: string } } }).settings.index.uuid;
  }

  async function healsByResync(): Promise<void> {
    await eventually(async () => (await lockstep.connector(id)).observedState === 'resync_required', {
      ...SOON,
      what: 'resync_required',
    });
    expect((await lockstep.connector(id)).conditions.map(({ code }) => code)).toContain('SINK_IDENTITY_CHANGED');
    const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
    await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { ...SOON, what: 'the resync' });
    await lockstep.untilStreaming(id, PATIENCE_MS);
    await inLockstep();
  }

  it(
    'takes up an older state where it stood: what came since is read again',
    async () => {
      await change(1_000);
      await inLockstep();
      await Promise.all([lockstep.workers[0]!.stop(), lockstep.api.stop()]);
      await change(2_000);
      await restore(`${lockstep.prefix}-*`);
      // As takeovers leave it that the older state knows nothing of.
      const [aliased, write] = [`${index}-000001`, `${index}-000001-WRITE`];
      const later = { index: aliased, alias: `${write}-7`, is_write_index: true, is_hidden: true };
      await must('POST', '/_aliases', { actions: [{ remove: { index: aliased, alias: write } }, { add: later }] });
      await Promise.all([lockstep.workers[0]!.start(), lockstep.api.start()]);
      await lockstep.untilStreaming(id, PATIENCE_MS);
      await change(3_000);
      await inLockstep();
    },
    2 * PATIENCE_MS,
  );

  it(
    'tells an older target by its shards, although name and UUID are the same, and heals it by a resync',
    async () => {
      await change(4_000);
      await inLockstep();
      const before = await uuid();
      await restore(`${index}-000001`);
      expect(await uuid()).toBe(before);
      await healsByResync();
    },
    2 * PATIENCE_MS,
  );

  it(
    'asks for a resync when both are older',
    async () => {
      await Promise.all([lockstep.workers[0]!.stop(), lockstep.api.stop()]);
      await change(5_000);
      await restore(`${lockstep.prefix}-*,${index}-000001`);
      await Promise.all([lockstep.workers[0]!.start(), lockstep.api.start()]);
      await healsByResync();
    },
    2 * PATIENCE_MS,
  );
});
