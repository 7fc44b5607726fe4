import { bindingOf, batchOf, sinkSuite, write, type SinkContext, type SinkSuite, type State } from './sink-context.js';

describe('writing states', () => {
  let suite: SinkSuite;
  let context: SinkContext;
  beforeAll(async () => {
    suite = await sinkSuite();
    context = suite.context();
  });
  afterAll(async () => {
    await context[Symbol.asyncDispose]();
    await suite[Symbol.asyncDispose]();
  });

  it('counts every item in exactly one place', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const first = await write(sink, target, 100n, [
      ['c1', { a: 1 }],
      ['c2', { a: 2 }],
      ['c-absent', 'DELETE'],
    ]);
    expect(first.result).toEqual({ indexed: 2, deleted: 1, conflicts: 0, deadLettered: 0, retried: 0 });
    const late = await write(sink, target, 50n, [
      ['c1', { a: 'old' }],
      ['c2', 'DELETE'],
      ['c3', { a: 3 }],
    ]);
    expect(late.result).toEqual({ indexed: 1, deleted: 0, conflicts: 2, deadLettered: 0, retried: 0 });
    expect(await context.source(target, 'c1')).toEqual({ a: 1 });
    expect(await context.source(target, 'c2')).toEqual({ a: 2 });
    const gone = await write(sink, target, 101n, [['c2', 'DELETE']]);
    expect(gone.result.deleted).toBe(1);
    expect(await context.source(target, 'c2')).toBeUndefined();
    expect(first.conditions).toEqual([]);
  });

  it('takes the same version again and keeps what a tombstone has buried', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 10n, [['t1', { n: 1 }]]);
    expect((await write(sink, target, 10n, [['t1', { n: 2 }]])).result.indexed).toBe(1);
    await write(sink, target, 20n, [['t1', 'DELETE']]);
    expect((await write(sink, target, 19n, [['t1', { n: 3 }]])).result.conflicts).toBe(1);
    expect(await context.source(target, 't1')).toBeUndefined();
  });

  it('keeps versions exact beyond what a JS number holds', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const version = 2n ** 61n + 1n;
    await write(sink, target, version, [['v1', { text: 'first' }]]);
    // One less rounds to the same JS number; Elasticsearch must still see that it is older.
    expect((await write(sink, target, version - 1n, [['v1', { text: 'older' }]])).result.conflicts).toBe(1);
    expect(await context.source(target, 'v1')).toEqual({ text: 'first' });
  });

  it.each([
    'plain',
    'with "quotes" and \\',
    '{"$number":"5"}',
    'ünïcödé 🦊 \u2028',
    'tab\tline\nnul\u0001',
    'a/b?c=d&e',
    'x'.repeat(500),
  ])('writes and deletes the id %j', async (id) => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 5n, [[id, { id }]]);
    expect(await context.source(target, id)).toEqual({ id });
    expect((await write(sink, target, 6n, [[id, 'DELETE']])).result.deleted).toBe(1);
    expect(await context.source(target, id)).toBeUndefined();
  });

  it('carries bodies byte for byte', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const body = '{"big":9223372036854775807,"text":"Ω \\"x\\" \\u0000","f":1.0}';
    await write(sink, target, 5n, [['raw', body]]);
    const raw = await context.client.transport.request(
      { method: 'GET', path: `/${target.index}/_source/raw` },
      { asStream: true },
    );
    const chunks: Buffer[] = [];
    for await (const chunk of raw as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('utf8')).toBe(body);
  });

  it('cuts a large write into requests by size and by count', async () => {
    const sink = context.sink({ tuning: { maxBulkBytes: 64 * 1024, maxBulkDocs: 40 } });
    const target = await context.target(sink);
    const states: State[] = Array.from({ length: 300 }, (_, i) => [`s${i}`, { i, pad: 'x'.repeat(1_000) }]);
    context.events.length = 0;
    expect((await write(sink, target, 5n, states)).result.indexed).toBe(300);
    const bulks = context.events.filter((event) => event.type === 'bulk.answered');
    expect(bulks.length).toBeGreaterThanOrEqual(8);
    for (const bulk of bulks) expect(bulk.items <= 40 && bulk.bytes <= 64 * 1024).toBe(true);
    expect(bulks.reduce((sum, bulk) => sum + bulk.indexed, 0)).toBe(300);
    await sink.refresh(target, context.signal);
    const found = await context.client.count({ index: target.index, query: { prefix: { 'pad.keyword': 'x' } } });
    expect(found.count).toBe(300);
  });

  it('writes several targets with their own versions, and one target twice in order', async () => {
    const sink = context.sink();
    const orders = await context.target(sink);
    const items = await sink.ensureTarget({
      binding: bindingOf(`${context.prefix}-items`, 'items'),
      generation: 1,
      isServing: true,
      signal: context.signal,
    });
    const result = await sink.write({
      writes: [
        { target: orders, version: 7n, batch: batchOf([['m1', { n: 1 }]]) },
        { target: items, version: 9n, batch: batchOf([['m1', { n: 2 }]]) },
        { target: orders, version: 8n, batch: batchOf([['m1', { n: 3 }]]) },
      ],
      signal: context.signal,
      onCondition: () => undefined,
    });
    expect(result.indexed).toBe(3);
    expect([await context.source(orders, 'm1'), await context.version(orders, 'm1')]).toEqual([{ n: 3 }, 8]);
    expect([await context.source(items, 'm1'), await context.version(items, 'm1')]).toEqual([{ n: 2 }, 9]);
  });

  it('stops when it is told to', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const aborted = AbortSignal.abort();
    await expect(write(sink, target, 5n, [['a1', {}]], { signal: aborted })).rejects.toMatchObject({
      code: 'JOB_ABORTED',
    });
  });
});
