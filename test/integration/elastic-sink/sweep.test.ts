import type { SinkPort, Target } from '@lockstep/contracts';
import { bindingOf, sinkSuite, write, type SinkContext, type SinkSuite, type State } from './sink-context.js';

describe('what a sweep needs', () => {
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

  const states = (prefix: string, count: number): State[] =>
    Array.from({ length: count }, (_, i) => [`${prefix}${i}`, { i }]);
  const walk = async (
    sink: SinkPort,
    target: Target,
    seqNoMarks: Readonly<Record<string, number>> | null,
    pageSize = 7,
  ): Promise<string[]> => {
    const ids: string[] = [];
    for await (const page of sink.walkIds({ target, seqNoMarks, pageSize, signal: context.signal })) {
      expect(page.length).toBeLessThanOrEqual(pageSize);
      ids.push(...page);
    }
    return ids.sort();
  };

  it.each([1, 3])('walks what was there before the marks, in %i shards', async (shards) => {
    const sink = context.sink({ config: { settings: { number_of_shards: shards } } });
    const target = await context.target(sink);
    await write(sink, target, 5n, states('old', 50));
    const marks = await sink.seqNoMarks(target, context.signal);
    expect(Object.keys(marks)).toHaveLength(shards);
    await write(sink, target, 6n, [...states('new', 20), ...states('old', 10)]);
    const before = await walk(sink, target, marks);
    expect(before).toEqual(Array.from({ length: 40 }, (_, i) => `old${i + 10}`).sort());
    expect(await walk(sink, target, null)).toHaveLength(70);
    expect(await sink.count(target, context.signal)).toBe(70);
  });

  it('walks nothing in an empty target', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const marks = await sink.seqNoMarks(target, context.signal);
    expect(marks).toEqual({ '0': -1 });
    await write(sink, target, 6n, states('new', 3));
    expect(await walk(sink, target, marks)).toEqual([]);
  });

  it('leaves no scroll open, also when the walk is broken off', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 5n, states('x', 30));
    for await (const _page of sink.walkIds({ target, seqNoMarks: null, pageSize: 5, signal: context.signal })) break;
    await walk(sink, target, null);
    const stats = await context.client.indices.stats({ index: target.index, metric: 'search' });
    expect(stats.indices?.[target.index]?.total?.search?.open_contexts).toBe(0);
    expect(stats.indices?.[target.index]?.total?.search?.scroll_current).toBe(0);
  });

  it('says when the walk cannot be complete', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 5n, states('x', 30));
    const broken = async (): Promise<void> => {
      for await (const _page of sink.walkIds({ target, seqNoMarks: null, pageSize: 5, signal: context.signal })) {
        // Its open searches end with it.
        await context.client.indices.delete({ index: target.index, ignore_unavailable: true });
      }
    };
    await expect(broken()).rejects.toMatchObject({ code: 'SINK_REQUEST_FAILED' });
  });

  it('says so when a shard is not there, instead of going on with the others', async () => {
    const binding = bindingOf(context.name);
    const index = `${context.name}-000001`;
    await context.client.indices.create({
      index,
      wait_for_active_shards: 0,
      aliases: { [binding.index]: {} },
      // One node, one shard on each node: the other one stays unassigned.
      settings: { number_of_shards: 2, number_of_replicas: 0, 'routing.allocation.total_shards_per_node': 1 },
    });
    const health = await context.client.cluster.health({ index, wait_for_no_initializing_shards: true });
    expect(health).toMatchObject({ active_primary_shards: 1, unassigned_shards: 1 });
    const target: Target = { binding, index, writeAlias: index, indexUuid: '' };
    const sink = context.sink();

    const incomplete = { code: 'SINK_REQUEST_FAILED' };
    await expect(sink.seqNoMarks(target, context.signal)).rejects.toMatchObject(incomplete);
    await expect(sink.count(target, context.signal)).rejects.toMatchObject(incomplete);
    await expect(sink.countServed(binding, context.signal)).rejects.toMatchObject(incomplete);

    const more = { 'routing.allocation.total_shards_per_node': 2 };
    await context.client.indices.putSettings({ index, settings: more });
    await context.client.cluster.health({ index, wait_for_status: 'green' });
    expect(await sink.seqNoMarks(target, context.signal)).toEqual({ '0': -1, '1': -1 });
    expect(await sink.count(target, context.signal)).toBe(0);
    expect(await sink.countServed(binding, context.signal)).toBe(0);
  }, 30_000);
});
