import {
  bootstrapStateIndices,
  DocumentStore,
  removeMatching,
  stateAlias,
  type ElasticClient,
} from '@lockstep/elastic';
import { elasticContext, type ElasticContext } from './elastic-server.js';

interface Entry {
  readonly key: string;
  readonly revision: number;
}

// Making the state indices takes seconds on a busy machine.
jest.setTimeout(60_000);

describe('removeMatching', () => {
  let context: ElasticContext;
  let store: DocumentStore<Entry>;
  let alias: string;

  beforeAll(async () => {
    context = elasticContext();
    await bootstrapStateIndices(context.client, context.prefix);
    alias = stateAlias(context.prefix, 'config');
    store = new DocumentStore<Entry>(context.client, alias);
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const query = { range: { revision: { lt: 5 } } };
  const keys = async (): Promise<readonly string[]> => {
    await context.client.indices.refresh({ index: alias });
    return (await store.search({ sort: [{ key: 'asc' }], size: 10_000 })).documents.map(({ id }) => id);
  };

  it('removes all that matches, page by page, and nothing else', async () => {
    const operations = Array.from({ length: 2_500 }, (_, n) => [
      { create: { _id: `k${n}` } },
      { key: `k${n}`, revision: n % 5 === 0 ? 5 : 1 },
    ]).flat();
    await context.client.bulk({ index: alias, operations });
    // Not refreshed: what was written a moment ago counts too.
    expect(await removeMatching({ client: context.client, alias, query })).toBe(2_000);
    expect(await keys()).toHaveLength(500);
    expect(await removeMatching({ client: context.client, alias, query })).toBe(0);
    expect(await removeMatching({ client: context.client, alias, query: { match_all: {} } })).toBe(500);
  });

  it('leaves a document that is changed between the look and the removal', async () => {
    for (const key of ['a', 'b', 'c']) await store.create(key, { key, revision: 1 });
    const client = whenRemoving(context.client, async () => {
      await store.replace((await store.get('b'))!, { key: 'b', revision: 9 });
    });
    expect(await removeMatching({ client, alias, query })).toBe(2);
    expect(await keys()).toEqual(['b']);
  });

  it('stops when it is told to', async () => {
    const aborted = AbortSignal.abort();
    await store.create('kept', { key: 'kept', revision: 1 });
    const outcome = removeMatching({ client: context.client, alias, query, signal: aborted });
    await expect(outcome).rejects.toMatchObject({ code: 'JOB_ABORTED' });
    expect(await keys()).toContain('kept');
  });
});

/** The same client; something happens just before its first bulk request. */
function whenRemoving(client: ElasticClient, before: () => Promise<void>): ElasticClient {
  let isFirst = true;
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name !== 'bulk') return member;
      return async (...args: Parameters<ElasticClient['bulk']>) => {
        if (isFirst) await before();
        isFirst = false;
        return target.bulk(...args);
      };
    },
  });
}
