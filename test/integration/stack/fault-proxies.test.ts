import { MongoClient } from 'mongodb';
import {
  ElasticsearchFaultProxy,
  eventually,
  httpJson,
  TcpFaultProxy,
  testServers,
  uniqueName,
} from '@lockstep/testing';

jest.setTimeout(60_000);

describe('the TCP fault proxy before MongoDB', () => {
  let proxy: TcpFaultProxy;
  let client: MongoClient;
  const name = uniqueName('proxy');

  beforeAll(async () => {
    const { mongodbUrl } = testServers();
    proxy = await TcpFaultProxy.start(Number(new URL(mongodbUrl.split(',')[0]!).port));
    client = new MongoClient(`mongodb://127.0.0.1:${proxy.port}/?directConnection=true`, {
      retryReads: false,
      retryWrites: false,
      socketTimeoutMS: 1_000,
      serverSelectionTimeoutMS: 2_000,
      maxPoolSize: 1,
    });
    await client.db(name).collection('items').insertOne({ n: 0 });
  });

  afterEach(async () => {
    proxy.heal();
    await eventually(() => client.db('admin').command({ ping: 1 }), { what: 'a healthy connection' });
  });

  afterAll(async () => {
    await client.db(name).dropDatabase();
    await client.close();
    await proxy.stop();
  });

  it('delays answers', async () => {
    proxy.inject({ kind: 'delay', delayMs: 100 });
    const startedMs = performance.now();
    await client.db('admin').command({ ping: 1 });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(199);
  });

  it('slows a large answer down', async () => {
    await client
      .db(name)
      .collection('large')
      .insertOne({ text: 'x'.repeat(20_000) });
    proxy.inject({ kind: 'slow', bytesPerSecond: 100_000 });
    const startedMs = performance.now();
    await client.db(name).collection('large').findOne({});
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(190);
  });

  it('answers nothing from a black hole until the time-out of the client', async () => {
    proxy.inject({ kind: 'blackHole' });
    await expect(client.db('admin').command({ ping: 1 })).rejects.toThrow(/timed out/);
  });

  it('resets open and new connections', async () => {
    proxy.inject({ kind: 'reset' });
    expect(proxy.connectionCount).toBe(0);
    await expect(client.db('admin').command({ ping: 1 })).rejects.toThrow();
  });

  it('cuts an answer in its middle', async () => {
    await client
      .db(name)
      .collection('cut')
      .insertOne({ text: 'x'.repeat(50_000) });
    proxy.inject({ kind: 'cutAfter', bytes: 10_000, direction: 'toClient' });
    await expect(client.db(name).collection('cut').findOne({})).rejects.toThrow();
  });

  it('delivers a write whose answer it drops', async () => {
    proxy.inject({ kind: 'dropAnswer' });
    await expect(client.db(name).collection('items').insertOne({ n: 1 })).rejects.toThrow();
    proxy.heal();
    const found = await eventually(() => client.db(name).collection('items').findOne({ n: 1 }), { what: 'the write' });
    expect(found).toMatchObject({ n: 1 });
  });
});

describe('the fault proxy before Elasticsearch', () => {
  const index = uniqueName('proxy');
  let proxy: ElasticsearchFaultProxy;

  beforeAll(async () => {
    proxy = await ElasticsearchFaultProxy.start(testServers().elasticsearchUrl);
  });

  afterEach(() => {
    proxy.heal();
  });

  afterAll(async () => {
    await proxy.stop();
    await httpJson(`${testServers().elasticsearchUrl}/${index}`, { method: 'DELETE' });
  });

  const bulk = (ids: readonly string[], query = '') =>
    httpJson(`${proxy.url}/${index}/_bulk${query}`, {
      body: ids.map((id) => `{"index":{"_id":"${id}"}}\n{"id":"${id}"}\n`).join(''),
      headers: { 'content-type': 'application/x-ndjson' },
    });
  const isStored = async (id: string) =>
    (await httpJson(`${testServers().elasticsearchUrl}/${index}/_doc/${id}`)).status === 200;

  it('passes on what it has nothing against', async () => {
    const answer = await bulk(['a', 'b']);
    expect(answer.body.errors).toBe(false);
    expect(answer.body.items).toHaveLength(2);
    expect(await isStored('b')).toBe(true);
  });

  it('refuses chosen items, in their places, and stores the others', async () => {
    proxy.refuseBulkItems((item) =>
      item.id === 'd' ? { status: 429, type: 'es_rejected_execution_exception' } : undefined,
    );
    const answer = await bulk(['c', 'd', 'e'], '?filter_path=errors,items.*.status,items.*.error');
    expect(answer.body.errors).toBe(true);
    const statuses = (answer.body.items as { index: { status: number } }[]).map((item) => item.index.status);
    expect(statuses).toEqual([201, 429, 201]);
    expect(await isStored('c')).toBe(true);
    expect(await isStored('d')).toBe(false);
    expect(await isStored('e')).toBe(true);
  });

  it('refuses whole requests', async () => {
    proxy.refuseRequests(({ path }) =>
      path.includes('_bulk') ? { status: 503, type: 'unavailable_shards_exception' } : undefined,
    );
    const answer = await bulk(['f']);
    expect(answer).toMatchObject({ status: 503, body: { error: { type: 'unavailable_shards_exception' } } });
    expect(await isStored('f')).toBe(false);
  });

  it('delivers a request whose answer it drops', async () => {
    proxy.refuseRequests(() => 'dropAnswer');
    await expect(bulk(['g'])).rejects.toThrow();
    expect(await isStored('g')).toBe(true);
  });

  it('delivers a request that it never answers, or late', async () => {
    proxy.refuseRequests(() => 'swallowAnswer');
    const url = `${proxy.url}/${index}/_doc/h`;
    await expect(httpJson(url, { method: 'PUT', body: {}, timeoutMs: 1_000 })).rejects.toThrow('no answer');
    expect(await isStored('h')).toBe(true);
    const startedAt = performance.now();
    proxy.refuseRequests(() => ({ answerAfterMs: 300 }));
    expect((await bulk(['i'])).body.errors).toBe(false);
    expect(performance.now() - startedAt).toBeGreaterThan(250);
  });

  it('keeps a request on its way for as long as it is wanted', async () => {
    let deliver = (): void => undefined;
    const deliverAfter = new Promise<void>((resolve) => (deliver = resolve));
    proxy.refuseRequests(() => ({ deliverAfter }));
    const seen = proxy.requests.length;
    const answer = bulk(['j']);
    await eventually(() => proxy.requests.length > seen, { what: 'the request' });
    expect(await isStored('j')).toBe(false);
    deliver();
    expect((await answer).body.errors).toBe(false);
    expect(await isStored('j')).toBe(true);
  });
});
