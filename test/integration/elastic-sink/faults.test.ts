import { elasticUrl } from '../elastic/elastic-server.js';
import { startFaultProxy, type Fault, type FaultProxy } from './fault-proxy.js';
import { sinkSuite, write, type SinkContext, type SinkSuite, type State } from './sink-context.js';

const error = (status: number, type: string): Fault => ({
  kind: 'answer',
  status,
  body: JSON.stringify({ error: { type, reason: 'injected' }, status }),
});

describe('writing through faults', () => {
  let suite: SinkSuite;
  let context: SinkContext;
  let proxy: FaultProxy;
  beforeAll(async () => {
    suite = await sinkSuite();
    context = suite.context();
    proxy = await startFaultProxy(elasticUrl());
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await context[Symbol.asyncDispose]();
    await suite[Symbol.asyncDispose]();
  });
  beforeEach(() => {
    proxy.bulks.length = 0;
    proxy.onBulk = () => undefined;
  });

  /** The fault of the first so many bulk requests from now on. */
  const firstBulks = (count: number, fault: Fault): void => {
    const seen = proxy.bulks.length;
    proxy.onBulk = () => (proxy.bulks.length - seen <= count ? fault : undefined);
  };
  const states = (prefix: string, count: number): State[] =>
    Array.from({ length: count }, (_, i) => [`${prefix}${i}`, { i }]);

  it('sends only the items again that Elasticsearch was too busy for, with the same version', async () => {
    const sink = context.sink({ url: proxy.url });
    const target = await context.target(sink);
    firstBulks(1, { kind: 'failItems', ids: ['b1', 'b3'], status: 429, type: 'es_rejected_execution_exception' });
    const { result } = await write(sink, target, 77n, states('b', 5));
    expect(result).toEqual({ indexed: 5, deleted: 0, conflicts: 0, deadLettered: 0, retried: 2 });
    expect(proxy.bulks).toHaveLength(2);
    const again = proxy.bulks[1]!.body.split('\n').filter((line) => line.startsWith('{"index"'));
    expect(again.map((line) => JSON.parse(line).index._id)).toEqual(['b1', 'b3']);
    expect(again.every((line) => line.includes('"version":77,'))).toBe(true);
    for (const [id] of states('b', 5)) expect(await context.version(target, id)).toBe(77);
  });

  it.each<[string, Fault]>([
    ['503 of a proxy', { kind: 'answer', status: 503, body: '<html>no backend</html>' }],
    ['503 without a master', error(503, 'master_not_discovered_exception')],
    ['429 of a circuit breaker', error(429, 'circuit_breaking_exception')],
    ['a connection that is reset before delivery', { kind: 'resetBefore' }],
    ['a connection that is reset after delivery', { kind: 'resetAfterDelivery' }],
    ['an answer that is cut off', { kind: 'truncate', bytes: 30 }],
    ['an empty answer', { kind: 'truncate', bytes: 0 }],
  ])('gets through %s, and the outcome is exact', async (name, fault) => {
    const sink = context.sink({ url: proxy.url });
    const target = await context.target(sink);
    const id = `f-${Buffer.from(name).toString('hex').slice(0, 40)}`;
    firstBulks(2, fault);
    const { result } = await write(sink, target, 5n, [
      [id, { n: 1 }],
      [`${id}-gone`, 'DELETE'],
    ]);
    expect(result).toMatchObject({ indexed: 1, deleted: 1, conflicts: 0, deadLettered: 0, retried: 4 });
    expect(proxy.bulks).toHaveLength(3);
    expect(new Set(proxy.bulks.map((bulk) => bulk.body)).size).toBe(1);
    expect(await context.source(target, id)).toEqual({ n: 1 });
  });

  it('sees a newer state that arrived while the outcome was unknown', async () => {
    const [sink, other] = [context.sink({ url: proxy.url }), context.sink()];
    const target = await context.target(sink);
    await context.target(other);
    const seen = proxy.bulks.length;
    let overtaken: Promise<unknown> = Promise.resolve();
    proxy.onBulk = () => {
      if (proxy.bulks.length - seen > 1) return undefined;
      overtaken = write(other, target, 9n, [['late', { text: 'new' }]]);
      return { kind: 'resetAfterDelivery' };
    };
    const { result } = await write(sink, target, 8n, [['late', { text: 'old' }]], {});
    await overtaken;
    expect(result.conflicts + result.indexed).toBe(1);
    expect(await context.version(target, 'late')).toBe(9);
  });

  it('splits a request that is too large until it fits, and keeps the giant as a dead letter', async () => {
    const sink = context.sink({ url: proxy.url });
    const target = await context.target(sink);
    proxy.onBulk = ({ body }) => (body.length > 20_000 ? error(413, 'content_too_long_exception') : undefined);
    const { result } = await write(sink, target, 5n, [...states('w', 300), ['giant', { text: 'x'.repeat(30_000) }]]);
    expect(result).toMatchObject({ indexed: 300, deadLettered: 1 });
    const [letter] = (await eventually(() => context.letters.list({ connectorId: context.connectorId }), 1)).items;
    expect(letter).toMatchObject({ documentId: 'giant', code: 'SINK_DOCUMENT_TOO_LARGE' });
  });

  it('finds the one operation that fails a whole request', async () => {
    const sink = context.sink({ url: proxy.url, connectorId: 'con_2', config: { adopt: true } });
    const target = await context.target(sink);
    const tooLong = 'i'.repeat(513);
    const { result } = await write(sink, target, 5n, [...states('q', 9), [tooLong, { n: 1 }]]);
    expect(result).toMatchObject({ indexed: 9, deadLettered: 1 });
    const { items } = await eventually(() => context.letters.list({ connectorId: 'con_2' }), 1);
    expect(items).toMatchObject([{ documentId: tooLong, errorType: 'action_request_validation_exception' }]);
  });

  it.each([
    [401, 'security_exception', 'SINK_AUTH_FAILED'],
    [403, 'security_exception', 'SINK_PERMISSION_MISSING'],
  ])('holds while credentials are refused with %i, says so, and goes on', async (status, type, code) => {
    const sink = context.sink({ url: proxy.url, connectorId: 'con_2', config: { adopt: true } });
    const target = await context.target(sink);
    firstBulks(3, error(status, type));
    const { result, conditions } = await write(sink, target, 6n, [['auth', { n: 1 }]]);
    expect(result.indexed).toBe(1);
    expect(conditions).toEqual([code, null]);
  });

  it('gives up what an unexplained error keeps refusing, and nothing else', async () => {
    const sink = context.sink({ url: proxy.url, connectorId: 'con_2', config: { adopt: true } });
    const target = await context.target(sink);
    proxy.onBulk = ({ body }) =>
      body.includes('"poison"')
        ? { kind: 'failItems', ids: ['poison'], status: 500, type: 'null_pointer_exception' }
        : undefined;
    const { result } = await write(sink, target, 6n, [
      ['fine', { n: 1 }],
      ['poison', { n: 2 }],
    ]);
    expect(result).toMatchObject({ indexed: 1, deadLettered: 1 });
  });

  it('waits while nobody answers and stops at once when told to', async () => {
    const sink = context.sink({ url: proxy.url, connectorId: 'con_2', config: { adopt: true } });
    const target = await context.target(sink);
    proxy.onBulk = () => ({ kind: 'resetBefore' });
    const controller = new AbortController();
    const outcome = write(sink, target, 6n, [['never', {}]], {
      signal: controller.signal,
      onCondition: (condition) => {
        if (condition?.code === 'SINK_UNREACHABLE') controller.abort();
      },
    });
    await expect(outcome).rejects.toMatchObject({ code: 'JOB_ABORTED' });
  });
});

/** Lists are as of the last refresh. */
async function eventually<T extends { items: readonly unknown[] }>(list: () => Promise<T>, count: number): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const page = await list();
    if (page.items.length >= count || Date.now() > deadline) return page;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
