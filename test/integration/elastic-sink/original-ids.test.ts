import { hashedId, type SinkPort, type Target } from '@lockstep/contracts';
import { sinkSuite, write, type SinkContext, type SinkSuite, type State } from './sink-context.js';

const idOf = (n: number): string => hashedId(String(n).padStart(64, '0'));
const element = (n: number): Buffer => Buffer.from(`the element of ${n}`);

// Making the state indices takes seconds on a busy machine.
jest.setTimeout(60_000);

describe('the _ids behind hashed ids', () => {
  let suite: SinkSuite;
  let context: SinkContext;
  let sink: SinkPort;
  let target: Target;
  beforeAll(async () => {
    suite = await sinkSuite();
  });
  afterAll(() => suite[Symbol.asyncDispose]());
  beforeEach(async () => {
    context = suite.context();
    sink = context.sink();
    target = await context.target(sink);
  });
  afterEach(() => context[Symbol.asyncDispose]());

  const hashed = (n: number, body: object = { n }): State => [
    idOf(n),
    body,
    { element: element(n), text: `text ${n}` },
  ];
  const kept = async (...numbers: number[]): Promise<readonly number[]> => {
    const found = await sink.originalIds(target, ['plain', ...numbers.map(idOf)], context.signal);
    for (const n of numbers) expect(found.get(idOf(n)) ?? element(n)).toEqual(element(n));
    return numbers.filter((n) => found.has(idOf(n)));
  };

  it('are kept while the document is in the index, and forgotten with it', async () => {
    const many = Array.from({ length: 600 }, (_, n) => hashed(n));
    await write(sink, target, 5n, [...many, ['plain', { n: 1 }]]);
    expect(await kept(0, 1, 599)).toEqual([0, 1, 599]);
    expect((await sink.originalIds(target, ['plain'], context.signal)).size).toBe(0);
    await write(sink, target, 6n, [hashed(1, { n: 'again' }), [idOf(0), 'DELETE'], ['plain', 'DELETE']]);
    expect(await kept(0, 1, 599)).toEqual([1, 599]);
    // Deleted when it was gone already, as after a crash between the two.
    await write(sink, target, 7n, [[idOf(0), 'DELETE']]);
    expect(await kept(0)).toEqual([]);
  });

  it('stay when a deletion finds a newer document', async () => {
    await write(sink, target, 9n, [hashed(1)]);
    expect((await write(sink, target, 5n, [[idOf(1), 'DELETE']])).result.conflicts).toBe(1);
    expect(await kept(1)).toEqual([1]);
  });

  it('belong to one connector and one index', async () => {
    await write(sink, target, 5n, [hashed(1)]);
    const other = { ...target, index: `${target.index}-other` };
    expect((await sink.originalIds(other, [idOf(1)], context.signal)).size).toBe(0);
    const foreign = context.sink({ connectorId: 'con_other' });
    expect((await foreign.originalIds(target, [idOf(1)], context.signal)).size).toBe(0);
    await context.originalIds.removeAll({ connectorId: 'con_other' });
    expect(await kept(1)).toEqual([1]);
    expect(await context.originalIds.removeAll({ connectorId: context.connectorId })).toBe(1);
    expect(await kept(1)).toEqual([]);
  });

  it('go with the index', async () => {
    const { signal } = context;
    const next = await sink.ensureTarget({ binding: target.binding, generation: 2, isServing: false, signal });
    await write(sink, target, 5n, [hashed(1)]);
    await write(sink, next, 5n, [hashed(1), hashed(2)]);
    expect((await sink.originalIds(next, [idOf(1), idOf(2)], signal)).size).toBe(2);
    expect(await sink.deleteGeneration(2, signal)).toEqual([next.index]);
    expect((await sink.originalIds(next, [idOf(1), idOf(2)], signal)).size).toBe(0);
    expect(await kept(1)).toEqual([1]);
  });

  it('are stored before the document: while that cannot be, nothing is indexed', async () => {
    const index = context.idsIndex;
    await context.client.indices.putSettings({ index, settings: { 'index.blocks.write': true } });
    const indexed: unknown[] = [];
    const { result, conditions } = await write(sink, target, 5n, [hashed(1)], {
      onCondition: (condition) => {
        if (condition === null) return;
        void context
          .source(target, idOf(1))
          .then((source) => indexed.push(source))
          .then(() => context.client.indices.putSettings({ index, settings: { 'index.blocks.write': null } }));
      },
    });
    expect(indexed).toEqual([undefined]);
    expect([result.indexed, conditions]).toEqual([1, ['SINK_READ_ONLY', null]]);
    expect(await kept(1)).toEqual([1]);
  });

  it('are told as text in dead letters, and not at all when they are too long', async () => {
    await write(sink, target, 4n, [['seed', { n: 1 }]]);
    await write(sink, target, 5n, [
      hashed(1, { n: 'refused' }),
      hashed(2, { reject: 'n' }),
      [idOf(3), { n: 'refused' }, { element: element(3), text: 'x'.repeat(100_000) }],
      ['plain', { n: 'refused' }],
    ]);
    await context.client.indices.refresh({ index: context.lettersIndex });
    const { items } = await context.letters.list({ connectorId: context.connectorId });
    expect(Object.fromEntries(items.map((letter) => [letter.documentId, letter.originalId]))).toEqual({
      [idOf(1)]: 'text 1',
      [idOf(2)]: 'text 2',
      [idOf(3)]: idOf(3),
      plain: 'plain',
    });
  });
});
