import { startElasticsearch, type ElasticsearchServer } from '@lockstep/testing';
import { sinkSuite, write, type SinkContext, type SinkSuite } from './sink-context.js';

jest.setTimeout(180_000);

describe('limits of Elasticsearch', () => {
  let suite: SinkSuite;
  let context: SinkContext;
  beforeAll(async () => {
    suite = await sinkSuite();
  });
  afterAll(() => suite[Symbol.asyncDispose]());
  beforeEach(() => {
    context = suite.context();
  });
  afterEach(() => context[Symbol.asyncDispose]());

  const letters = async () => {
    await context.client.indices.refresh({ index: context.lettersIndex });
    return (await context.letters.list({ connectorId: context.connectorId, state: 'open' })).items;
  };

  it('cost only the documents with too many nested objects', async () => {
    const sink = context.sink({
      config: {
        mappings: { properties: { lines: { type: 'nested' } } },
        settings: { 'mapping.nested_objects.limit': 3 },
      },
    });
    const target = await context.target(sink);
    const lines = (count: number): object => ({ lines: Array.from({ length: count }, (_, n) => ({ n })) });
    const { result } = await write(sink, target, 5n, [
      ['few', lines(3)],
      ['many', lines(4)],
      ['more', lines(500)],
      ['none', { lines: [] }],
    ]);
    expect(result).toMatchObject({ indexed: 2, deadLettered: 2 });
    expect((await letters()).map(({ documentId, code }) => [documentId, code]).sort()).toEqual([
      ['many', 'SINK_DOCUMENT_REJECTED'],
      ['more', 'SINK_DOCUMENT_REJECTED'],
    ]);
    expect((await write(sink, target, 6n, [['many', lines(2)]])).result.indexed).toBe(1);
    expect((await letters()).map(({ documentId }) => documentId)).toEqual(['more']);
  });

  it('refuse a definition with too many nested fields before anything has its name', async () => {
    const properties = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`n${i}`, { type: 'nested' }]));
    const refused = context.target(context.sink({ config: { mappings: { properties } } }));
    await expect(refused).rejects.toMatchObject({
      code: 'SINK_TARGET_INVALID',
      message: expect.stringMatching(/nested fields.*\[50\]/),
    });
    expect(await context.client.indices.exists({ index: `${context.name}-000001` })).toBe(false);
  });

  it('of the depth that an operator sets cost only the documents that are deeper', async () => {
    const sink = context.sink({ config: { settings: { 'mapping.depth.limit': 2 } } });
    const target = await context.target(sink);
    await sink.mapFields(target, [{ path: 'a.b.c', type: 'int' }], context.signal);
    const { result } = await write(sink, target, 5n, [
      ['flat', { a: { b: 1 } }],
      ['deep', { x: { y: { z: 1 } } }],
    ]);
    expect(result).toMatchObject({ indexed: 1, deadLettered: 1 });
  });

  describe('of its shards', () => {
    let server: ElasticsearchServer;
    beforeAll(async () => {
      server = await startElasticsearch({ settings: { 'cluster.max_shards_per_node': 1 } });
    });
    afterAll(() => server.stop());

    it.each<[string, object]>([
      ['by default', {}],
      ['with a definition of its own', { settings: { number_of_replicas: 0 } }],
    ])('are told before anything is scanned, and gone on from when they are raised (%s)', async (_name, config) => {
      const limitTo = (limit: number) =>
        server.request('/_cluster/settings', {
          method: 'PUT',
          body: { persistent: { 'cluster.max_shards_per_node': limit } },
        });
      await limitTo(1);
      expect(await server.request('/full', { method: 'PUT', body: { settings: { number_of_replicas: 0 } } })).toMatchObject({ status: 200 }); // prettier-ignore
      const sink = context.sink({ url: server.url, config });
      await expect(context.target(sink)).rejects.toMatchObject({ code: 'SINK_SHARD_LIMIT_REACHED' });
      const { body } = await server.request('/_all');
      expect(Object.keys(body)).toEqual(['full']);
      await limitTo(10);
      expect((await context.target(sink)).isEmpty).toBe(true);
      for (const index of ['full', `${context.name}-000001`]) await server.request(`/${index}`, { method: 'DELETE' });
    });
  });
});
