import { DEFAULT_ERROR_MONITOR } from '@lockstep/contracts';
import { sinkSuite, write, type SinkContext, type SinkSuite, type State } from './sink-context.js';

const SECRET = 'card-4111-1111';

describe('the error monitor', () => {
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

  it('stops a run of refusals after storing them, in words without content, and begins anew', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 4n, [['seed', { n: 1 }]]);
    const bad = (count: number): State[] => Array.from({ length: count }, (_, i) => [`bad${i}`, { n: SECRET }]);
    expect((await write(sink, target, 5n, bad(99))).result.deadLettered).toBe(99);
    const outcome = write(sink, target, 6n, bad(1));
    await expect(outcome).rejects.toMatchObject({
      code: 'SINK_ERROR_MONITOR_TRIPPED',
      message: expect.stringMatching(/100 documents in a row.*document_parsing_exception in field n \(100\)/),
    });
    await context.client.indices.refresh({ index: context.lettersIndex });
    expect((await context.letters.stats(context.connectorId)).open).toBe(99);
    expect((await write(sink, target, 7n, bad(1))).result.deadLettered).toBe(1);
  });

  it('lets five of a hundred pass', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 4n, [['seed', { n: 1 }]]);
    const states = Array.from({ length: 4_000 }, (_, i): State => [`d${i}`, i % 20 === 0 ? { n: SECRET } : { n: i }]);
    const { result } = await write(sink, target, 5n, states);
    expect(result).toMatchObject({ indexed: 3_800, deadLettered: 200 });
  });

  it.each([
    [{ consecutive: 3 }, 3, /^3 documents in a row/],
    [{ total: 4 }, 4, /^the limit of 4 refused documents/],
    [{ window: 10, ratio: 0.45 }, 5, /^more than 45 % of the last 10/],
  ])('stops where the connector says: %j', async (limits, refusals, words) => {
    const sink = context.sink({ config: { errorMonitor: { ...DEFAULT_ERROR_MONITOR, ...limits } } });
    const target = await context.target(sink);
    await write(
      sink,
      target,
      4n,
      Array.from({ length: 9 }, (_, n): State => [`seed${n}`, { n: 1 }]),
    );
    const bad = (from: number, count: number): State[] =>
      Array.from({ length: count }, (_, n) => [`bad${from + n}`, { n: SECRET }]);
    await write(sink, target, 5n, bad(0, refusals - 1));
    await expect(write(sink, target, 6n, bad(refusals, 1))).rejects.toMatchObject({
      code: 'SINK_ERROR_MONITOR_TRIPPED',
      message: expect.stringMatching(words),
    });
  });
});
