import { sinkSuite, write, type SinkContext, type SinkSuite } from './sink-context.js';

describe('targets that cannot be written', () => {
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

  it.each([
    ['index.blocks.write', 'SINK_READ_ONLY'],
    ['index.blocks.read_only_allow_delete', 'SINK_READ_ONLY'],
    ['index.blocks.read_only', 'SINK_READ_ONLY'],
  ])('holds writes and deletes under %s and goes on when it is lifted', async (block, code) => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 1n, [['old', { n: 0 }]]);
    await context.client.indices.putSettings({ index: target.index, settings: { [block]: true } });
    let lifted: Promise<unknown> | undefined;
    const { result, conditions } = await write(
      sink,
      target,
      5n,
      [
        ['h1', { n: 1 }],
        ['old', 'DELETE'],
      ],
      {
        onCondition: (condition) => {
          if (condition === null) return;
          expect(condition).toMatchObject({ reason: 'SinkReadOnly', message: expect.any(String) });
          expect(condition.remedy).not.toBe('');
          expect(Date.parse(condition.since)).toBeGreaterThan(0);
          lifted = context.client.indices.putSettings({ index: target.index, settings: { [block]: null } });
        },
      },
    );
    await lifted;
    expect(result).toMatchObject({ indexed: 1, deleted: 1, deadLettered: 0 });
    expect(conditions).toEqual([code, null]);
  });

  it('holds while the index is closed', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await context.client.indices.close({ index: target.index });
    let opened: Promise<unknown> | undefined;
    const { result, conditions } = await write(sink, target, 5n, [['h1', { n: 1 }]], {
      onCondition: (condition) => {
        if (condition !== null) opened = context.client.indices.open({ index: target.index });
      },
    });
    await opened;
    expect(result.indexed).toBe(1);
    expect(conditions[0]).toBe('SINK_TARGET_CLOSED');
    expect(conditions.at(-1)).toBeNull();
  });

  it.each(['index', 'delete'] as const)('never brings a deleted target back by an %s', async (operation) => {
    const sink = context.sink();
    const target = await context.target(sink);
    await context.client.indices.delete({ index: target.index });
    const state = operation === 'index' ? { n: 1 } : 'DELETE';
    await expect(write(sink, target, 5n, [['x', state]])).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    const left = await context.client.indices.get({ index: `${context.name}*`, expand_wildcards: 'all' });
    expect(Object.keys(left)).toEqual([]);
  });

  it('stops when its write alias is gone or leads elsewhere', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await context.client.indices.deleteAlias({ index: target.index, name: target.writeAlias });
    await expect(write(sink, target, 5n, [['x', { n: 1 }]])).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    // Two indices behind the alias and none to write to: Elasticsearch blames each document.
    await context.client.indices.create({ index: `${context.name}-other` });
    for (const index of [target.index, `${context.name}-other`]) {
      await context.client.indices.putAlias({ index, name: target.writeAlias });
    }
    await expect(write(sink, target, 5n, [['x', { n: 1 }]])).rejects.toMatchObject({ code: 'SINK_TARGET_MISSING' });
    expect((await context.letters.list({ connectorId: context.connectorId })).items).toEqual([]);
  });

  it('says that nobody answers', async () => {
    const sink = context.sink({ url: 'http://127.0.0.1:9' });
    await expect(sink.check(context.signal)).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
    await expect(context.target(sink)).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
    await expect(context.sink().check(context.signal)).resolves.toBeUndefined();
  });
});
