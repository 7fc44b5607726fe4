import type { BsonTypeName, Target } from '@lockstep/contracts';
import { sinkSuite, write, type SinkContext, type SinkSuite } from './sink-context.js';

describe('mapping fields from their BSON types', () => {
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

  const field = (path: string, type: BsonTypeName): { path: string; type: BsonTypeName } => ({ path, type });
  const properties = async (target: Target): Promise<Record<string, Record<string, unknown>>> => {
    const mapping = await context.client.indices.getMapping({ index: target.index });
    return (mapping[target.index]?.mappings.properties ?? {}) as Record<string, Record<string, unknown>>;
  };

  it('maps every BSON type as documented and takes values of it', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const types: BsonTypeName[] = [
      'double',
      'string',
      'object',
      'array',
      'binary',
      'uuid',
      'objectId',
      'bool',
      'date',
      'null',
      'regex',
      'code',
      'symbol',
      'int',
      'timestamp',
      'long',
      'decimal',
      'minKey',
      'maxKey',
    ];
    await sink.mapFields(
      target,
      types.map((type) => field(`f_${type}`, type)),
      context.signal,
    );
    const mapped = await properties(target);
    const text = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 1024 } } };
    const keyword = { type: 'keyword', ignore_above: 1024 };
    expect(mapped).toEqual({
      f_double: { type: 'double' },
      f_string: text,
      f_symbol: text,
      f_binary: { type: 'binary' },
      f_uuid: keyword,
      f_objectId: keyword,
      f_bool: { type: 'boolean' },
      f_date: { type: 'date' },
      f_regex: keyword,
      f_code: { type: 'text' },
      f_int: { type: 'long' },
      f_long: { type: 'long' },
      f_timestamp: { properties: { t: { type: 'long' }, i: { type: 'long' } } },
      f_decimal: keyword,
      f_minKey: keyword,
      f_maxKey: keyword,
    });
    const { result } = await write(sink, target, 5n, [
      [
        'v',
        {
          f_double: 1,
          f_date: '2026-01-02T03:04:05.678Z',
          f_binary: 'AAEC',
          f_timestamp: { t: 1, i: 2 },
          f_decimal: '12.50',
        },
      ],
      ['w', { f_date: '253402300800000' }],
    ]);
    expect(result.indexed).toBe(2);
  });

  it('builds objects for nested paths and widens families of numbers', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await sink.mapFields(
      target,
      [
        field('items', 'array'),
        field('items.price', 'int'),
        field('items.price', 'double'),
        field('items.at.day', 'date'),
        field('mixed', 'long'),
        field('mixed', 'string'),
        field('__proto__', 'string'),
        field('constructor.prototype', 'date'),
      ],
      context.signal,
    );
    const mapped = await properties(target);
    expect(mapped.items).toEqual({
      properties: { price: { type: 'double' }, at: { properties: { day: { type: 'date' } } } },
    });
    expect(mapped.mixed).toEqual({ type: 'long' });
    expect(Object.keys(mapped)).toContain('__proto__');
    expect(mapped.constructor).toEqual({ properties: { prototype: { type: 'date' } } });
    const { result } = await write(sink, target, 5n, [['n', { items: [{ price: 1 }, { price: 2.5 }] }]]);
    expect(result.indexed).toBe(1);
  });

  it('tells once of each field that finds fractions as whole numbers', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    const map = (...fields: { path: string; type: BsonTypeName }[]): Promise<void> =>
      sink.mapFields(target, fields, context.signal);
    await map(field('price', 'int'), field('o.size', 'long'), field('both', 'int'), field('both', 'double'));
    await map(field('price', 'double'), field('o.size', 'decimal'), field('both', 'double'), field('price', 'string'));
    await map(field('price', 'decimal'));
    expect(context.events.filter(({ type }) => type === 'conversion.noted')).toMatchObject([
      { namespace: target.binding.namespace, notes: { fieldsTruncated: 2 } },
    ]);
    const document = { price: 1.5, o: { size: '2.5' }, both: 3.5 };
    expect((await write(sink, target, 5n, [['x', document]])).result.indexed).toBe(1);
    expect(await context.source(target, 'x')).toEqual(document);
    await sink.refresh(target, context.signal);
    const found = async (query: object): Promise<number> =>
      (await context.client.count({ index: target.index, query: { term: query } })).count;
    expect(await found({ price: 1 })).toBe(1);
    expect(await found({ 'o.size': 2 })).toBe(1);
    expect(await found({ both: 3.5 })).toBe(1);
  });

  it('puts the good fields when some are refused, and leaves those to the documents', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 5n, [['x', { taken: 1 }]]);
    await sink.mapFields(
      target,
      [
        field('good1', 'date'),
        field('taken', 'date'),
        field('taken.below', 'date'),
        field('_source', 'string'),
        field('a..b', 'date'),
        field('', 'date'),
        field(Array.from({ length: 30 }, () => 'd').join('.'), 'date'),
        field('good2', 'objectId'),
      ],
      context.signal,
    );
    const mapped = await properties(target);
    expect(Object.keys(mapped).sort()).toEqual(['good1', 'good2', 'taken']);
    expect(mapped.taken).toEqual({ type: 'long' });
  });

  it('asks nothing when nothing is new, also in a sink that finds the target later', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await sink.mapFields(target, [field('a', 'date'), field('b.c', 'int')], context.signal);
    const other = context.sink();
    await context.target(other);
    // A deleted index would answer 404.
    await context.client.indices.delete({ index: target.index });
    await sink.mapFields(target, [field('a', 'date'), field('b.c', 'double')], context.signal);
    await other.mapFields(target, [field('a', 'date')], context.signal);
    await expect(other.mapFields(target, [field('new', 'date')], context.signal)).rejects.toMatchObject({
      code: 'SINK_TARGET_MISSING',
    });
  });

  it('stays within the limit of fields and loses no document beyond it', async () => {
    const sink = context.sink({ config: { settings: { 'mapping.total_fields.limit': 20 } } });
    const target = await context.target(sink);
    const fields = Array.from({ length: 50 }, (_, i) => field(`d${i}`, 'date'));
    await sink.mapFields(target, fields, context.signal);
    expect(Object.keys(await properties(target))).toHaveLength(20);
    const document = Object.fromEntries(fields.map(({ path }) => [path, '2026-01-01T00:00:00.000Z']));
    expect((await write(sink, target, 5n, [['wide', document]])).result.indexed).toBe(1);
    expect(await context.source(target, 'wide')).toEqual(document);
  });

  it("leaves the operator's mappings, templates and closed objects alone", async () => {
    const sink = context.sink({
      config: {
        mappings: {
          properties: {
            title: { type: 'keyword' },
            meta: { type: 'object', dynamic: false },
            flat: { type: 'flattened' },
          },
          dynamic_templates: [{ codes: { match: '*_code', mapping: { type: 'keyword' } } }],
        },
      },
    });
    const target = await context.target(sink);
    await sink.mapFields(
      target,
      ['title', 'meta.x', 'flat.y', 'post_code', 'plain'].map((path) => field(path, 'string')),
      context.signal,
    );
    await write(sink, target, 5n, [['t', { post_code: '80331', meta: { x: 1 }, flat: { y: 'z' } }]]);
    const mapped = await properties(target);
    expect(mapped).toMatchObject({
      title: { type: 'keyword' },
      meta: { dynamic: 'false' },
      flat: { type: 'flattened' },
      post_code: { type: 'keyword' },
      plain: { type: 'text' },
    });
    expect(mapped.meta!.properties).toBeUndefined();
  });

  it('never guesses dates or numbers from text', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 5n, [['t', { when: '2026-01-01', count: '12', ratio: 1.5 }]]);
    const mapped = await properties(target);
    expect([mapped.when!.type, mapped.count!.type, mapped.ratio!.type]).toEqual(['text', 'text', 'double']);
  });
});
