import { MongoClient, type Collection, type ObjectId } from 'mongodb';
import {
  compareBothSides,
  ElasticsearchFaultProxy,
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 120_000, intervalMs: 100 };
const BUSY = { status: 503, type: 'cluster_block_exception' };
const COUNT = 20_000;

jest.setTimeout(300_000);

describe('changes during a scan', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: { LOCKSTEP_SCAN_TURN_MS: '100' } });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('scanned');
  let proxy: ElasticsearchFaultProxy;

  const sides = (collection: string): ComparedSides => ({
    ...{ mongodbUrl, elasticsearchUrl, database, collection, index: `${database}-${collection}` },
  });

  beforeAll(async () => {
    await client.connect();
    proxy = await ElasticsearchFaultProxy.start(elasticsearchUrl);
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await proxy.stop();
    for (const name of ['deleted', 'added', 'killed']) {
      await httpJson(`${elasticsearchUrl}/${database}-${name}-000001`, { method: 'DELETE' });
    }
    await client.db(database).dropDatabase();
    await client.close();
  }, 120_000);

  const isBulk = (path: string): boolean => path.includes('/_bulk');
  const bulksSeen = (): number => proxy.requests.filter(({ path }) => isBulk(path)).length;

  /** Starts the scan and holds it after some bulk requests went through. */
  async function holdInMidScan(collection: Collection): Promise<{ connectorId: string; jobId: string }> {
    for (let from = 0; from < COUNT; from += 5_000) await collection.insertMany(shopOrders(5_000, from));
    const [seenBefore, { collectionName }] = [bulksSeen(), collection];
    proxy.refuseRequests(({ path }) => (isBulk(path) && bulksSeen() - seenBefore > 3 ? BUSY : undefined));
    const connectorId = await lockstep.createConnector({
      name: collectionName,
      source: { uri: mongodbUrl, database, collections: [collectionName] },
      sink: { index: `${database}-${collectionName}`, elasticsearch: { url: proxy.url } },
    });
    const jobId = (await lockstep.act(connectorId, 'start'))!;
    await eventually(() => bulksSeen() - seenBefore > 4, { ...SOON, what: 'the scan to be held' });
    await forgetDeletions(`${database}-${collectionName}-000001`);
    await httpJson(`${elasticsearchUrl}/${database}-${collectionName}/_refresh`, { method: 'POST' });
    const counted = await httpJson(`${elasticsearchUrl}/${database}-${collectionName}/_count`);
    expect(counted.body.count).toBeGreaterThan(0);
    expect(counted.body.count).toBeLessThan(COUNT);
    return { connectorId, jobId };
  }

  /** Deletions are not remembered by the index any more: what came late with an older version would be taken. */
  async function forgetDeletions(index: string): Promise<void> {
    const body = { index: { gc_deletes: '1ms', refresh_interval: '100ms' } };
    const { status } = await httpJson(`${elasticsearchUrl}/${index}/_settings`, { method: 'PUT', body });
    expect(status).toBe(200);
  }

  async function everyTenth(collection: Collection, rest: number): Promise<ObjectId[]> {
    const all = await collection.find({}, { projection: { _id: 1 }, sort: { _id: 1 } }).toArray();
    return all.filter((_document, i) => i % 10 === rest).map(({ _id }) => _id);
  }

  it('bring 0 deleted documents back and leave 0 updates stale, where deletions are forgotten at once', async () => {
    const collection = client.db(database).collection('deleted');
    const { connectorId, jobId } = await holdInMidScan(collection);
    const held = await collection.deleteMany({ _id: { $in: await everyTenth(collection, 3) } });
    await collection.updateMany({ _id: { $in: await everyTenth(collection, 5) } }, { $set: { title: 'meanwhile' } });
    const reborn = await collection.find({ _id: { $in: (await everyTenth(collection, 7)).slice(0, 200) } }).toArray();
    await collection.deleteMany({ _id: { $in: reborn.map(({ _id }) => _id) } });
    await collection.insertMany(reborn.map((document) => ({ ...document, title: 'reborn' })));
    proxy.heal();
    // And some more while the scan goes on.
    const meanwhile = await collection.deleteMany({ _id: { $in: (await everyTenth(collection, 1)).slice(-1_300) } });
    expect(held.deletedCount + meanwhile.deletedCount).toBeGreaterThan(3_220);
    await lockstep.untilStreaming(connectorId, 180_000);
    const { checked } = await expectInLockstep(sides('deleted'), SOON);
    expect(checked).toBe(await collection.countDocuments());
    expect((await lockstep.job(jobId)).state).toBe('completed');
    const { extra, wrong } = await compareBothSides(sides('deleted'));
    expect({ broughtBack: extra.length, stale: wrong.length }).toEqual({ broughtBack: 0, stale: 0 });
  });

  it("do not prolong it: what is added behind its end is the stream's", async () => {
    const collection = client.db(database).collection('added');
    const { connectorId, jobId } = await holdInMidScan(collection);
    await collection.insertMany(shopOrders(3_000, COUNT));
    proxy.heal();
    await lockstep.untilStreaming(connectorId, 180_000);
    const { checked } = await expectInLockstep(sides('added'), SOON);
    expect(checked).toBe(COUNT + 3_000);
    expect((await lockstep.job(jobId)).progress).toMatchObject({ done: COUNT, total: COUNT });
  });

  it('leave 0 orphans and 0 stale documents after kill -9 in mid-scan', async () => {
    const collection = client.db(database).collection('killed');
    const { connectorId, jobId } = await holdInMidScan(collection);
    const [worker] = lockstep.workers;
    await worker!.stop('SIGKILL');
    await collection.deleteMany({ _id: { $in: await everyTenth(collection, 4) } });
    await collection.updateMany({ _id: { $in: await everyTenth(collection, 6) } }, { $set: { title: 'meanwhile' } });
    proxy.heal();
    await worker!.start();
    await lockstep.untilStreaming(connectorId, 180_000);
    await expectInLockstep(sides('killed'), SOON);
    const { extra, wrong } = await compareBothSides(sides('killed'));
    expect({ orphans: extra.length, stale: wrong.length }).toEqual({ orphans: 0, stale: 0 });
    expect((await lockstep.job(jobId)).state).toBe('completed');
  });
});
