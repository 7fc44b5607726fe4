import { hasCode } from '@lockstep/core';
import { bootstrapStateIndices, createElasticClient, DocumentStore, etagOf, stateAlias } from '@lockstep/elastic';
import { elasticContext, type ElasticContext } from './elastic-server.js';

interface Entry {
  readonly key: string;
  readonly value?: unknown;
}

describe('DocumentStore', () => {
  let context: ElasticContext;
  let store: DocumentStore<Entry>;

  beforeAll(async () => {
    context = elasticContext();
    await bootstrapStateIndices(context.client, context.prefix);
    store = new DocumentStore<Entry>(context.client, stateAlias(context.prefix, 'config'));
  });
  afterAll(() => context[Symbol.asyncDispose]());

  it('reads what was written at once, without a refresh', async () => {
    const created = await store.create('now', { key: 'now', value: 1 });
    const read = await store.get('now');
    expect(read?.source).toEqual({ key: 'now', value: 1 });
    expect(etagOf(read!)).toBe(etagOf(created));
    expect(await store.get('absent')).toBeUndefined();
  });

  it('refuses to create a document twice', async () => {
    await store.create('once', { key: 'once' });
    await expect(store.create('once', { key: 'twice' })).rejects.toMatchObject({ code: 'CONFIG_VERSION_CONFLICT' });
    expect((await store.get('once'))?.source.key).toBe('once');
  });

  it('lets only one of two writers that read the same state win', async () => {
    const read = await store.create('cas', { key: 'a' });
    const outcomes = await Promise.allSettled([store.replace(read, { key: 'b' }), store.replace(read, { key: 'c' })]);
    expect(outcomes.filter((o) => o.status === 'fulfilled')).toHaveLength(1);
    const lost = outcomes.find((o) => o.status === 'rejected');
    expect(hasCode(lost?.reason, 'CONFIG_VERSION_CONFLICT')).toBe(true);
  });

  it('goes on with the state that a write returned', async () => {
    let current = await store.put('chain', { key: '0' });
    for (let i = 1; i <= 5; i++) current = await store.replace(current, { key: String(i) });
    expect((await store.get('chain'))?.source.key).toBe('5');
  });

  it('deletes by compare-and-set and says whether there was something', async () => {
    const first = await store.put('gone', { key: '1' });
    await store.put('gone', { key: '2' });
    await expect(store.delete(first)).rejects.toMatchObject({ code: 'CONFIG_VERSION_CONFLICT' });
    expect(await store.delete({ id: 'gone' })).toBe(true);
    expect(await store.delete({ id: 'gone' })).toBe(false);
  });

  it('pages through a list by the last sort values and sees refreshed writes', async () => {
    for (let i = 0; i < 5; i++) await store.put(`list-${i}`, { key: `list-${i}` }, { refresh: true });
    const query = { prefix: { key: 'list-' } };
    const seen: string[] = [];
    let searchAfter: unknown[] | null = null;
    do {
      const page: Awaited<ReturnType<typeof store.search>> = await store.search({
        query,
        sort: [{ key: 'asc' }],
        size: 2,
        ...(searchAfter === null ? {} : { searchAfter }),
      });
      seen.push(...page.documents.map((d) => d.id));
      searchAfter = page.lastSort;
    } while (searchAfter !== null);
    expect(seen).toEqual(['list-0', 'list-1', 'list-2', 'list-3', 'list-4']);
    expect(await store.count(query)).toBe(5);
  });

  it('keeps ids with any characters apart', async () => {
    const ids = ['a/b', 'ä "ö" \\', '{"$number":"5"}', '?x=1&y#z', '..'];
    for (const id of ids) await store.put(id, { key: id });
    for (const id of ids) expect((await store.get(id))?.source.key).toBe(id);
  });

  it('refuses fields that the mapping does not know', async () => {
    await expect(store.put('odd', { key: 'x', surprise: 1 } as Entry)).rejects.toMatchObject({
      code: 'SINK_REQUEST_REFUSED',
    });
  });

  it('does not bring a deleted index back', async () => {
    await using other = elasticContext();
    const orphan = new DocumentStore<Entry>(other.client, `${other.prefix}-config`);
    await expect(orphan.put('x', { key: 'x' })).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    await expect(orphan.get('x')).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    expect(await other.client.indices.exists({ index: `${other.prefix}-config` })).toBe(false);
  });

  it('says so when nobody answers', async () => {
    const client = createElasticClient({ url: 'http://127.0.0.1:9' });
    await expect(new DocumentStore(client, 'x').get('x')).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
    await client.close();
  });
});
