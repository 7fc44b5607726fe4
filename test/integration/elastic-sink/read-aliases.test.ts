import { sinkSuite, type SinkContext, type SinkSuite } from './sink-context.js';

describe('read aliases', () => {
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

  it('moves read aliases in one step, never away from a foreign index', async () => {
    const sink = context.sink();
    const first = await context.target(sink);
    const { binding } = first;
    const { signal } = context;
    const second = await sink.ensureTarget({ binding, generation: 2, isServing: false, signal });
    const gone = { ...binding, collection: 'gone', namespace: 'shop.gone', index: `${context.name}-gone` };
    await sink.ensureTarget({ binding: gone, generation: 1, isServing: true, signal });
    const behind = async (name: string) => Object.keys(await context.client.indices.getAlias({ name }));
    expect([await behind(binding.index), await behind(gone.index)]).toEqual([[first.index], [`${gone.index}-000001`]]);
    for (let time = 0; time < 2; time += 1) {
      await sink.serve([second], [gone], { signal });
      expect(await behind(binding.index)).toEqual([second.index]);
      expect(await context.client.indices.existsAlias({ name: gone.index })).toBe(false);
    }
    await context.client.indices.create({ index: `${context.name}-foreign` });
    await context.client.indices.putAlias({ index: `${context.name}-foreign`, name: binding.index });
    await expect(sink.serve([first], [], { signal })).rejects.toMatchObject({ code: 'SINK_TARGET_FOREIGN' });
    expect(await behind(binding.index)).toContain(second.index);
  });

  it('moves a read alias from where it was found: of two who move it at once, each sees what the other did', async () => {
    const sink = context.sink();
    const first = await context.target(sink);
    const { signal } = context;
    const make = (generation: number) =>
      sink.ensureTarget({ binding: first.binding, generation, isServing: false, signal });
    const [second, third] = [await make(2), await make(3)];
    const behind = async () => Object.keys(await context.client.indices.getAlias({ name: context.name }));
    expect(await sink.servedElsewhere([first], signal)).toEqual([]);
    expect(await sink.servedElsewhere([second, third], signal)).toEqual([second, third]);
    // Between the look and the step that it leads to, another one takes over.
    const asked: string[][] = [];
    await sink.serve([second], [], {
      signal,
      isDue: async () => {
        asked.push(await behind());
        if (asked.length === 1) await sink.serve([third], [], { signal });
        return asked.length === 1;
      },
    });
    expect(asked).toEqual([[first.index], [third.index]]);
    expect(await behind()).toEqual([third.index]);
    for (let round = 0; round < 10; round += 1) {
      await sink.serve([first], [], { signal });
      await Promise.all([second, third].map((target) => sink.serve([target], [], { signal })));
      expect(await behind()).toHaveLength(1);
    }
  });

  it('shares a name with another binding of the connector from one generation to the next, never within one', async () => {
    const sink = context.sink();
    const first = await context.target(sink);
    const { signal } = context;
    const moved = { ...first.binding, database: 'mall', namespace: `mall.${first.binding.collection}` };
    const wish = (generation: number) => ({ binding: moved, generation, isServing: false, signal });
    await expect(sink.ensureTarget(wish(1))).rejects.toMatchObject({ code: 'SINK_TARGET_FOREIGN' });
    const second = await sink.ensureTarget(wish(2));
    await sink.serve([second], [], { signal });
    expect(Object.keys(await context.client.indices.getAlias({ name: moved.index }))).toEqual([second.index]);
    await expect(sink.ensureTarget({ ...wish(2), binding: first.binding })).rejects.toMatchObject({
      code: 'SINK_TARGET_FOREIGN',
    });
    expect(await sink.ensureTarget({ ...wish(1), binding: first.binding })).toMatchObject({ index: first.index });
  });

  it('gives the read alias to the generation that serves alone, also to one that came to serve since', async () => {
    const sink = context.sink();
    const { binding } = await context.target(sink);
    const late = { ...binding, collection: 'late', namespace: 'shop.late', index: `${context.name}-late` };
    const wish = (generation: number, isServing: boolean) => ({
      binding: late,
      generation,
      isServing,
      signal: context.signal,
    });
    const behind = async () =>
      (await context.client.indices.existsAlias({ name: late.index }))
        ? Object.keys(await context.client.indices.getAlias({ name: late.index }))
        : [];
    await sink.ensureTarget(wish(1, false));
    await sink.ensureTarget(wish(3, false));
    expect(await behind()).toEqual([]);
    await sink.ensureTarget(wish(2, true));
    expect(await behind()).toEqual([`${late.index}-000002`]);
    await sink.ensureTarget(wish(4, true));
    await sink.findTarget(wish(3, true));
    expect(await behind()).toEqual([`${late.index}-000002`]);
    await context.client.indices.deleteAlias({ index: `${late.index}-000002`, name: late.index });
    await sink.findTarget(wish(3, true));
    expect(await behind()).toEqual([`${late.index}-000003`]);
  });

  it('counts what a read alias serves, also while there is none', async () => {
    const sink = context.sink();
    const { binding, index } = await context.target(sink);
    await context.client.index({ index, id: 'a', document: {}, refresh: true });
    expect(await sink.countServed(binding, context.signal)).toBe(1);
    expect(await sink.countServed({ ...binding, index: `${context.name}-none` }, context.signal)).toBe(0);
  });

  it('deletes the indices of one generation of its connector, and none that still serves', async () => {
    const [sink, other] = [context.sink(), context.sink({ connectorId: 'con_other' })];
    const { binding } = await context.target(sink);
    const { signal } = context;
    const second = await sink.ensureTarget({ binding, generation: 2, isServing: false, signal });
    const theirs = { ...binding, collection: 'theirs', namespace: 'shop.theirs', index: `${context.name}-theirs` };
    await other.ensureTarget({ binding: theirs, generation: 2, isServing: false, signal });
    await expect(sink.deleteGeneration(1, signal)).rejects.toMatchObject({ code: 'JOB_STATE_CONFLICT' });
    expect(await sink.deleteGeneration(2, signal)).toEqual([second.index]);
    expect(await sink.deleteGeneration(2, signal)).toEqual([]);
    expect(await context.client.indices.exists({ index: `${binding.index}-000001` })).toBe(true);
    expect(await context.client.indices.exists({ index: `${theirs.index}-000002` })).toBe(true);
    expect(await context.client.indices.existsAlias({ name: second.writeAlias })).toBe(false);
  });
});
