import { bootstrapStateIndices, createElasticClient, probeElasticsearch, STATE_INDICES } from '@lockstep/elastic';
import { elasticContext, elasticUrl } from './elastic-server.js';

describe('bootstrapStateIndices', () => {
  it('makes every index once, whoever comes first, and agrees on one installation', async () => {
    await using context = elasticContext();
    const results = await Promise.all(
      Array.from({ length: 4 }, () => bootstrapStateIndices(context.client, context.prefix)),
    );
    expect(new Set(results.map((r) => r.installationId)).size).toBe(1);
    const aliases = await context.client.indices.getAlias({ index: `${context.prefix}-*` });
    expect(Object.keys(aliases).sort()).toEqual(STATE_INDICES.map((d) => `${context.prefix}-${d.name}-v1`).sort());
    const again = await bootstrapStateIndices(context.client, context.prefix);
    expect(again).toEqual(results[0]);
  });

  it('refuses a name that something else has', async () => {
    await using context = elasticContext();
    await context.client.indices.create({ index: `${context.prefix}-jobs` });
    await expect(bootstrapStateIndices(context.client, context.prefix)).rejects.toMatchObject({
      code: 'SINK_TARGET_FOREIGN',
    });
  });

  it('never touches what a newer version made', async () => {
    await using context = elasticContext();
    await bootstrapStateIndices(context.client, context.prefix);
    const index = `${context.prefix}-jobs-v1`;
    await context.client.indices.putMapping({
      index,
      _meta: { lockstep: { kind: 'state', name: 'jobs', version: 99 } },
    });
    await expect(bootstrapStateIndices(context.client, context.prefix)).rejects.toMatchObject({
      code: 'CONFIG_SCHEMA_UNKNOWN',
    });
  });

  it('adds the fields of a newer version to an older index', async () => {
    await using context = elasticContext();
    await context.client.indices.create({
      index: `${context.prefix}-audit-v1`,
      aliases: { [`${context.prefix}-audit`]: { is_write_index: true } },
      mappings: {
        dynamic: 'strict',
        _meta: { lockstep: { kind: 'state', name: 'audit', version: 0 } },
        properties: { id: { type: 'keyword' } },
      },
    });
    await bootstrapStateIndices(context.client, context.prefix);
    const mapping = await context.client.indices.getMapping({ index: `${context.prefix}-audit` });
    expect(mapping[`${context.prefix}-audit-v1`]?.mappings.properties).toHaveProperty('action');
  });
});

describe('probeElasticsearch', () => {
  it('finds version and cluster of a server, with or without its root page', async () => {
    const client = createElasticClient({ url: elasticUrl() });
    const probe = await probeElasticsearch(client);
    expect(probe.version).toMatch(/^\d+\.\d+\.\d+/);
    const chosen = process.env.LOCKSTEP_TEST_ELASTICSEARCH_VERSION;
    if (chosen) expect(probe.version).toBe(chosen);
    expect(probe.clusterUuid).toMatch(/^[\w-]{22}$/);
    await client.close();
  });

  it('says that nobody answers', async () => {
    const client = createElasticClient({ url: 'http://127.0.0.1:9' });
    await expect(probeElasticsearch(client)).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
    await client.close();
  });
});
