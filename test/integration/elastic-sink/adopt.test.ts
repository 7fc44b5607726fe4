import type { EnsureTargetOptions } from '@lockstep/contracts';
import { bindingOf, sinkSuite, write, type SinkContext, type SinkSuite } from './sink-context.js';

describe('what another connector has made', () => {
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

  const options = (change: Partial<EnsureTargetOptions> = {}): EnsureTargetOptions => ({
    ...{ binding: bindingOf(context.name), generation: 1, isServing: true, signal: context.signal },
    ...change,
  });
  const behind = async () => Object.keys(await context.client.indices.getAlias({ name: context.name }));
  const heir = (isAlive: boolean, adopt = true) =>
    context.sink({ config: { adopt }, ...(isAlive ? { existing: { con_other: 'the other one' } } : {}) });
  const refused = {
    code: 'SINK_TARGET_FOREIGN',
    message: expect.stringMatching(/belongs to the connector the other one/),
  };

  it.each([1, 2])(
    'is never taken over while that one exists, whether it may adopt or not (generation %i)',
    async (generation) => {
      const theirs = await context.sink({ connectorId: 'con_other' }).ensureTarget(options({ generation }));
      const mark = async () =>
        (await context.client.indices.getMapping({ index: theirs.index }))[theirs.index]?.mappings._meta;
      const before = await mark();
      for (const adopt of [true, false]) {
        await expect(heir(true, adopt).ensureTarget(options())).rejects.toMatchObject(refused);
      }
      expect(await mark()).toEqual(before);
      expect(await behind()).toEqual([theirs.index]);
    },
  );

  it('is taken over when that one is no more, but only by one that may', async () => {
    const theirs = await context.sink({ connectorId: 'con_other' }).ensureTarget(options());
    await expect(heir(false, false).ensureTarget(options())).rejects.toMatchObject({ code: 'SINK_TARGET_FOREIGN' });
    const target = await heir(false).ensureTarget(options());
    expect(target.indexUuid).toBe(theirs.indexUuid);
    expect((await heir(true, false).ensureTarget(options())).indexUuid).toBe(theirs.indexUuid);
  });

  it('goes on being searched until the target of the one that takes over is filled', async () => {
    const former = context.sink({ connectorId: 'con_other' });
    const theirs = await former.ensureTarget(options({ generation: 2 }));
    await expect(heir(false, false).ensureTarget(options())).rejects.toMatchObject({ code: 'SINK_TARGET_FOREIGN' });
    const sink = heir(false);
    const target = await sink.ensureTarget(options());
    expect(target).toMatchObject({ index: `${context.name}-000001`, isEmpty: true });
    await write(sink, target, 1n, [['a', { n: 1 }]]);
    expect(await behind()).toEqual([theirs.index]);
    expect(await sink.servedElsewhere([target], context.signal)).toEqual([target]);
    await sink.serve([target], [], { signal: context.signal });
    expect(await behind()).toEqual([target.index]);
  });
});
