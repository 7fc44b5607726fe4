import type { EnsureTargetOptions } from '@lockstep/contracts';
import { eventually } from '@lockstep/testing';
import { bindingOf, sinkSuite, write, type SinkContext, type SinkSuite } from './sink-context.js';

describe('targets', () => {
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

  const options = (): EnsureTargetOptions => ({
    binding: bindingOf(context.name),
    generation: 1,
    isServing: true,
    signal: context.signal,
  });

  it('makes an index of its own behind a read alias and a hidden write alias', async () => {
    const target = await context.target(context.sink());
    expect(target).toMatchObject({
      index: `${context.name}-000001`,
      writeAlias: `${context.name}-000001-WRITE`,
      isEmpty: true,
    });
    const { [target.index]: index } = await context.client.indices.get({ index: target.index, flat_settings: true });
    expect(index?.aliases).toEqual({
      [target.writeAlias]: { is_write_index: true, is_hidden: true },
      [context.name]: { is_write_index: false },
    });
    expect(index?.settings).toMatchObject({
      'index.uuid': target.indexUuid,
      'index.gc_deletes': '15m',
      'index.refresh_interval': '1s',
      'index.number_of_shards': '1',
      'index.auto_expand_replicas': '0-1',
      'index.mapping.total_fields.ignore_dynamic_beyond_limit': 'true',
    });
    expect(index?.mappings?._meta?.lockstep).toMatchObject({
      connectorId: context.connectorId,
      binding: 'shop.orders',
      generation: 1,
    });
  });

  it('finds it again, also when two ask at once, and mends a lost alias', async () => {
    const sink = context.sink();
    const [first, second] = await Promise.all([context.target(sink), context.target(context.sink())]);
    expect(second.indexUuid).toBe(first.indexUuid);
    expect(await sink.findTarget(options())).toMatchObject({ indexUuid: first.indexUuid, index: first.index });
    expect((await sink.ensureTarget(options())).isEmpty).toBe(true);
    await write(sink, first, 1n, [['a', { n: 1 }]]);
    expect((await sink.ensureTarget(options())).isEmpty).toBe(false);
    await context.client.indices.deleteAlias({ index: first.index, name: [first.writeAlias, context.name] });
    await expect(sink.findTarget(options())).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    const again = await context.target(context.sink());
    expect(again).toMatchObject({ indexUuid: first.indexUuid, isEmpty: false });
    expect((await sink.findTarget(options())).indexUuid).toBe(first.indexUuid);
    expect(await context.client.indices.existsAlias({ name: context.name })).toBe(true);
  });

  it('goes to the holder that took over: what former ones still send is refused, deletions too', async () => {
    const [former, holder] = [context.sink(), context.sink()];
    const before = await context.target(former);
    await write(former, before, 1n, [['a', { n: 1 }]]);
    const target = await holder.findTarget({ ...options(), fence: 2 });
    expect(target).toMatchObject({ indexUuid: before.indexUuid, writeAlias: `${before.index}-WRITE-2` });
    for (const body of [{ n: 2 }, 'DELETE']) {
      await expect(write(former, before, 9n, [['a', body]])).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    }
    await write(holder, target, 3n, [['a', { n: 3 }]]);
    await expect(former.findTarget(options())).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    await expect(former.ensureTarget(options())).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    expect(await holder.findTarget({ ...options(), fence: 2 })).toMatchObject({ writeAlias: target.writeAlias });
    expect(await context.client.get({ index: target.index, id: 'a' })).toMatchObject({ _source: { n: 3 } });
    const { [target.index]: index } = await context.client.indices.get({ index: target.index });
    expect(Object.keys(index!.aliases!).sort()).toEqual([context.name, target.writeAlias]);
    expect(await context.client.indices.exists({ index: before.writeAlias, expand_wildcards: 'all' })).toBe(false);
  });

  it('a late request cannot bring a deleted document back, not even when its tombstone is gone', async () => {
    const [former, holder] = [context.sink(), context.sink()];
    const before = await context.target(former);
    await context.client.indices.putSettings({ index: before.index, settings: { gc_deletes: '1ms' } });
    const isThere = async (id: string): Promise<boolean> => {
      await context.client.indices.refresh({ index: before.index });
      return context.client.exists({ index: before.index, id });
    };
    const forgotten = async (id: string): Promise<boolean> => {
      await write(former, before, 5n, [[id, { n: 5 }]]);
      return isThere(id);
    };
    // Versions alone protect for as long as the deletion is remembered.
    for (const id of ['a', 'b']) await write(former, before, 9n, [[id, 'DELETE']]);
    await eventually(() => forgotten('a'), { what: 'the tombstone of a to be forgotten' });
    const target = await holder.findTarget({ ...options(), fence: 4 });
    await expect(write(former, before, 5n, [['b', { n: 5 }]])).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    expect(await isThere('b')).toBe(false);
    await write(holder, target, 10n, [['b', { n: 10 }]]);
    expect(await isThere('b')).toBe(true);
  });

  it('never makes a target when it only looks for one', async () => {
    await expect(context.sink().findTarget(options())).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    expect(await context.client.indices.exists({ index: `${context.name}-000001` })).toBe(false);
  });

  it('writes a plain index under its very name where the layout says so', async () => {
    const target = await context.target(context.sink({ config: { layout: 'index' } }));
    expect(target).toMatchObject({ index: context.name, writeAlias: `${context.name}-WRITE` });
  });

  it.each<[string, 'alias' | 'index', (c: SinkContext) => Promise<unknown>]>([
    ['an index of that name', 'index', (c) => c.client.indices.create({ index: c.name })],
    ['an index where the alias should be', 'alias', (c) => c.client.indices.create({ index: c.name })],
    ['an unmarked generation', 'alias', (c) => c.client.indices.create({ index: `${c.name}-000001` })],
    [
      'an alias of something else',
      'alias',
      (c) => c.client.indices.create({ index: `${c.prefix}-else`, aliases: { [c.name]: {} } }),
    ],
    [
      'an alias instead of the index',
      'index',
      (c) => c.client.indices.create({ index: `${c.prefix}-else`, aliases: { [c.name]: {} } }),
    ],
    [
      'the index of another connector',
      'alias',
      (c) =>
        c
          .sink({ connectorId: 'con_other' })
          .ensureTarget({ binding: bindingOf(c.name), generation: 1, isServing: true, signal: c.signal }),
    ],
  ])('refuses %s (layout %s %s)', async (_name, layout, make) => {
    await make(context);
    const before = await context.client.indices.get({ index: `${context.prefix}*`, features: 'mappings' });
    const sink = context.sink({ config: { layout } });
    await expect(sink.ensureTarget(options())).rejects.toMatchObject({ code: 'SINK_TARGET_FOREIGN' });
    expect(await context.client.indices.get({ index: `${context.prefix}*`, features: 'mappings' })).toEqual(before);
  });

  it('takes a foreign index over when it may, and what is in it counts', async () => {
    await context.client.index({ index: context.name, id: 'theirs', document: { n: 1 }, refresh: true });
    const sink = context.sink({ config: { layout: 'index', adopt: true } });
    const target = await sink.ensureTarget(options());
    expect(target.isEmpty).toBe(false);
    await write(sink, target, 5n, [['theirs', { n: 2 }]]);
    expect(await context.source(target, 'theirs')).toEqual({ n: 2 });
    expect((await context.sink({ config: { layout: 'index' } }).ensureTarget(options())).indexUuid).toBe(
      target.indexUuid,
    );
  });

  it.each<[string, object, RegExp]>([
    ['an unknown setting', { settings: { bogus: 1 } }, /unknown setting \[index\.bogus\]/],
    ['an unknown field type', { mappings: { properties: { a: { type: 'nix' } } } }, /mapper type \[nix\]/],
    ['an unknown analyzer', { mappings: { properties: { a: { type: 'text', analyzer: 'nix' } } } }, /analyzer \[nix\]/],
    ['tombstones that live too short', { settings: { 'index.gc_deletes': '1m' } }, /at least 15m/],
  ])('tells the operator what is wrong with %s', async (_name, config, words) => {
    const outcome = context.target(context.sink({ config }));
    await expect(outcome).rejects.toMatchObject({ code: 'SINK_TARGET_INVALID', message: expect.stringMatching(words) });
  });

  it("lets the operator's settings and mappings win", async () => {
    const target = await context.target(
      context.sink({
        config: {
          settings: { index: { number_of_shards: 2, refresh_interval: '30s' }, number_of_replicas: 0 },
          mappings: { dynamic: 'strict', _meta: { owner: 'me' }, properties: { title: { type: 'keyword' } } },
        },
      }),
    );
    const { [target.index]: index } = await context.client.indices.get({ index: target.index, flat_settings: true });
    expect(index?.settings).toMatchObject({
      'index.number_of_shards': '2',
      'index.refresh_interval': '30s',
      'index.number_of_replicas': '0',
    });
    expect(index?.settings).not.toHaveProperty(['index.auto_expand_replicas']);
    expect(index?.mappings).toMatchObject({
      dynamic: 'strict',
      _meta: { owner: 'me' },
      properties: { title: { type: 'keyword' } },
    });
  });

  it('restores the refresh interval exactly after a load, also after a crash in between', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const interval = async (): Promise<unknown> => {
      const settings = await context.client.indices.getSettings({ index: target.index, flat_settings: true });
      return (settings[target.index]?.settings as Record<string, unknown>)['index.refresh_interval'];
    };
    await context.client.indices.putSettings({ index: target.index, settings: { refresh_interval: '750ms' } });
    await sink.beginLoad(target, context.signal);
    expect(await interval()).toBe('5s');
    // Another worker takes over, begins again and ends it.
    const other = context.sink();
    const found = await other.findTarget(options());
    await other.beginLoad(found, context.signal);
    await other.endLoad(found, context.signal);
    expect(await interval()).toBe('750ms');
    await other.endLoad(found, context.signal);
    expect(await interval()).toBe('750ms');
    // One that refreshes more seldom already is left alone.
    await context.client.indices.putSettings({ index: target.index, settings: { refresh_interval: '-1' } });
    await sink.beginLoad(target, context.signal);
    expect(await interval()).toBe('-1');
    await sink.endLoad(target, context.signal);
    expect(await interval()).toBe('-1');
    expect((await sink.findTarget(options())).indexUuid).toBe(target.indexUuid);
  });
});
