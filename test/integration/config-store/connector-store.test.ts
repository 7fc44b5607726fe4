import type { ConnectorConfig } from '@lockstep/contracts';
import { ConnectorStore, newConnectorId } from '@lockstep/config-store';
import { hasCode } from '@lockstep/core';
import { stateAlias } from '@lockstep/elastic';
import type { ElasticContext } from '../elastic/elastic-server.js';
import { stateContext } from './state-context.js';

const config = (name: string): ConnectorConfig => ({
  name,
  source: { uri: { kind: 'plain', value: 'mongodb://localhost/' }, database: 'shop', collections: ['orders'] },
  sink: {
    index: '{collection}',
    layout: 'alias',
    adopt: false,
    onRefused: 'delete',
    brakeRatio: 0.2,
    deadLetterContent: false,
  },
});

const failureCodes = (results: readonly PromiseSettledResult<unknown>[]): readonly string[] =>
  results.flatMap((result) =>
    result.status === 'fulfilled' ? [] : [(result.reason as { code?: string }).code ?? String(result.reason)],
  );

jest.setTimeout(30_000);

describe('ConnectorStore', () => {
  let context: ElasticContext;
  let store: ConnectorStore;

  beforeAll(async () => {
    context = await stateContext();
    store = new ConnectorStore(context.client, context.prefix);
  });
  afterAll(() => context[Symbol.asyncDispose]());

  it('keeps a connector and finds it again', async () => {
    const created = await store.create(config('kept'));
    expect(created).toMatchObject({ revision: 1, desiredState: 'stopped', config: config('kept') });
    expect(created.id).toMatch(/^con_[0-9a-z]{26}$/);
    expect(await store.get(created.id)).toEqual(created);
    expect((await store.list({ pageSize: 500 })).items).toContainEqual(created);
  });

  it.each(['con_00000000000000000000000000', 'name:kept', '../x', '', 'a'.repeat(600)])(
    'knows no connector %j',
    async (id) => {
      await expect(store.get(id)).rejects.toMatchObject({ code: 'CONNECTOR_UNKNOWN' });
    },
  );

  it('lets exactly one of twenty creations of one name win', async () => {
    const stores = Array.from({ length: 4 }, () => new ConnectorStore(context.client, context.prefix));
    const spellings = ['race', 'RACE', 'Race'];
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => stores[i % 4]!.create(config(spellings[i % 3]!))),
    );
    expect(failureCodes(results)).toEqual(Array.from({ length: 19 }, () => 'CONNECTOR_NAME_TAKEN'));
    const { items } = await store.list({ pageSize: 500 });
    expect(items.filter((item) => item.config.name.toLowerCase() === 'race')).toHaveLength(1);
  });

  it('gives a name back when its connector is deleted or renamed', async () => {
    const first = await store.create(config('recycled'));
    await store.replaceConfig(first.id, config('moved'));
    const second = await store.create(config('recycled'));
    await store.delete(second.id);
    const third = await store.create(config('recycled'));
    await expect(store.replaceConfig(third.id, config('Moved'))).rejects.toMatchObject({
      code: 'CONNECTOR_NAME_TAKEN',
    });
    expect((await store.get(third.id)).config.name).toBe('recycled');
    await expect(store.create(config('recycled'))).rejects.toMatchObject({ code: 'CONNECTOR_NAME_TAKEN' });
    expect((await store.replaceConfig(third.id, config('RECYCLED'))).config.name).toBe('RECYCLED');
  });

  it('takes a name over that a crash left claimed, once for ten who try', async () => {
    await context.client.index({
      index: stateAlias(context.prefix, 'connectors'),
      id: 'name:left over',
      document: {
        schema: 1,
        kind: 'name',
        name: 'left over',
        connectorId: newConnectorId(),
        createdAt: new Date().toISOString(),
      },
    });
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => store.create(config('left over'))));
    expect(failureCodes(results)).toEqual(Array.from({ length: 9 }, () => 'CONNECTOR_NAME_TAKEN'));
  });

  it('counts revisions of the config only, and only when it changes', async () => {
    const { id } = await store.create(config('counted'));
    const running = await store.setDesiredState(id, 'running');
    expect(running).toMatchObject({ revision: 1, desiredState: 'running' });
    const same = await store.replaceConfig(id, config('counted'));
    expect(same).toEqual(running);
    const changed = await store.replaceConfig(id, { ...config('counted'), sink: { ...config('x').sink, adopt: true } });
    expect(changed).toMatchObject({ revision: 2, desiredState: 'running' });
  });

  it('checks If-Match when it is sent', async () => {
    const created = await store.create(config('guarded'));
    const changed = await store.setDesiredState(created.id, 'paused', `"${created.etag}"`);
    for (const stale of [created.etag, `"${created.etag}"`, '"0.0"', '']) {
      const failed = { code: 'API_PRECONDITION_FAILED' };
      await expect(store.setDesiredState(created.id, 'running', stale)).rejects.toMatchObject(failed);
      await expect(store.replaceConfig(created.id, config('other'), stale)).rejects.toMatchObject(failed);
      await expect(store.delete(created.id, stale)).rejects.toMatchObject(failed);
    }
    await expect(store.create(config('other'))).resolves.toBeDefined();
    await store.setDesiredState(created.id, 'running', `W/"0.0", "${changed.etag}"`);
    await store.delete(created.id, '*');
    await expect(store.delete(created.id)).rejects.toMatchObject({ code: 'CONNECTOR_UNKNOWN' });
  });

  it('lets one of two changes with the same If-Match win, and both without', async () => {
    const created = await store.create(config('contended'));
    const states = ['running', 'paused'] as const;
    const results = await Promise.allSettled(
      states.map((state) => store.setDesiredState(created.id, state, created.etag)),
    );
    expect(failureCodes(results)).toEqual(['API_PRECONDITION_FAILED']);
    const free = await Promise.allSettled([
      store.setDesiredState(created.id, 'stopped'),
      store.replaceConfig(created.id, { ...config('contended'), sink: { ...config('x').sink, adopt: true } }),
    ]);
    expect(failureCodes(free)).toEqual([]);
    expect(await store.get(created.id)).toMatchObject({
      desiredState: 'stopped',
      revision: 2,
      config: { sink: { adopt: true } },
    });
  });

  it('lists in pages and runnable ones as a whole, without what a newer version wrote', async () => {
    await using other = await stateContext();
    const fresh = new ConnectorStore(other.client, other.prefix);
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push((await fresh.create(config(name))).id);
    await fresh.setDesiredState(ids[1]!, 'running');
    await fresh.setDesiredState(ids[3]!, 'paused');
    const alias = stateAlias(other.prefix, 'connectors');
    const newer = { schema: 2, kind: 'connector', id: 'con_newer', desiredState: 'running' };
    await other.client.index({ index: alias, id: 'con_newer', document: newer, refresh: 'wait_for' });
    const seen: string[] = [];
    let pageToken: string | null = '';
    while (pageToken !== null) {
      const page: Awaited<ReturnType<ConnectorStore['list']>> = await fresh.list({ pageSize: 2, pageToken });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      pageToken = page.nextPageToken;
    }
    expect(seen).toEqual(ids);
    expect((await fresh.listRunnable()).map(({ id }) => id)).toEqual([ids[1], ids[3]]);
    await expect(fresh.get('con_newer')).rejects.toMatchObject({ code: 'CONFIG_SCHEMA_UNKNOWN' });
  });

  it.each([{ pageSize: 0 }, { pageSize: 501 }, { pageSize: 1.5 }, { pageToken: 'x' }, { pageToken: 'WzVd' }])(
    'refuses the page %j',
    async (page) => {
      const error: unknown = await store.list(page).catch((reason: unknown) => reason);
      expect(hasCode(error, 'API_REQUEST_INVALID')).toBe(true);
    },
  );
});
