import type { BsonTypeName, FieldTypeCount, SinkConfig, SinkPort, Target } from '@lockstep/contracts';
import { sinkSuite, write, type SinkContext, type SinkSuite, type State } from './sink-context.js';

const keyword = { type: 'keyword', ignore_above: 1024 };
const both = { type: 'text', fields: { keyword } };
const unsearchable = { type: 'object', enabled: false };

describe('mapping fields from a sample', () => {
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

  const count = (path: string, type: BsonTypeName, documents: number): FieldTypeCount => ({ path, type, documents });
  const properties = async (target: Target): Promise<Record<string, unknown>> => {
    const mapping = await context.client.indices.getMapping({ index: target.index });
    return mapping[target.index]?.mappings.properties ?? {};
  };
  const opened = async (
    config: Partial<SinkConfig>,
    ...sample: FieldTypeCount[]
  ): Promise<{ readonly sink: SinkPort; readonly target: Target }> => {
    const sink = context.sink({ config });
    const target = await context.target(sink);
    await sink.mapSample(target, sample, context.signal);
    return { sink, target };
  };
  const sumOf = async (target: Target, field: string): Promise<number | null> => {
    await context.client.indices.refresh({ index: target.index });
    const { aggregations } = await context.client.search({
      ...{ index: target.index, size: 0 },
      aggs: { total: { sum: { field } } },
    });
    return (aggregations?.total as { value: number }).value;
  };

  it('takes integers, doubles, decimals and arrays of them in one field, and loses no fraction', async () => {
    const { sink, target } = await opened(
      {},
      count('price', 'int', 90),
      count('price', 'long', 5),
      count('price', 'double', 4),
      count('price', 'decimal', 1),
      count('list', 'array', 3),
      count('list', 'int', 3),
      count('list', 'double', 1),
    );
    expect(await properties(target)).toEqual({ list: { type: 'double' }, price: { type: 'double' } });
    const states: State[] = [
      ['1', '{"price":1,"list":[1,2.5]}'],
      ['2', '{"price":2.25}'],
      ['3', '{"price":"12.50"}'],
      ['4', '{"price":9007199254740993}'],
    ];
    expect((await write(sink, target, 5n, states.slice(0, 3))).result).toMatchObject({ indexed: 3, deadLettered: 0 });
    expect(await sumOf(target, 'price')).toBe(15.75);
    expect(await sumOf(target, 'list')).toBe(3.5);
    expect((await write(sink, target, 5n, states.slice(3))).result).toMatchObject({ indexed: 1, deadLettered: 0 });
  });

  describe('with objects where most have text', () => {
    const sample = [
      count('note', 'string', 95),
      count('note', 'object', 5),
      count('note.by', 'string', 5),
      count('note.at', 'date', 5),
    ];
    const states: State[] = [
      ['text', { note: 'call back' }],
      ['object', { note: { by: 'me', at: '2026-01-01T00:00:00.000Z' } }],
      ['array', { note: ['a', { by: 1 }, [2.5, null]] }],
      ['number', { note: 7 }],
      ['null', { note: null }],
    ];

    it('maps the text, and has the others as dead letters by default', async () => {
      const { sink, target } = await opened({}, ...sample);
      expect(await properties(target)).toEqual({ note: both });
      expect((await write(sink, target, 5n, states)).result).toMatchObject({ indexed: 3, deadLettered: 2 });
      await context.client.indices.refresh({ index: context.lettersIndex });
      const { items } = await context.letters.list({ connectorId: context.connectorId, state: 'open' });
      expect(items.map(({ documentId, field }) => [documentId, field]).sort()).toEqual([
        ['array', 'note'],
        ['object', 'note'],
      ]);
    });

    it.each(['ignoreMalformed', 'string'] as const)('keeps all of them as they are under %s', async (conflicts) => {
      const { sink, target } = await opened({ conflicts }, ...sample);
      expect(await properties(target)).toEqual({ note: unsearchable });
      expect((await write(sink, target, 5n, states)).result).toMatchObject({ indexed: 5, deadLettered: 0 });
      for (const [id, state] of states) expect(await context.source(target, id)).toEqual(state);
      await sink.mapFields(target, [{ path: 'note.later', type: 'int' }], context.signal);
      expect(await properties(target)).toEqual({ note: unsearchable });
    });
  });

  it('takes every kind under string, and all but the most frequent is found by nothing under ignoreMalformed', async () => {
    const sample = [count('v', 'int', 9), count('v', 'string', 1), count('w', 'date', 5), count('w', 'bool', 5)];
    const states: State[] = [
      ['1', { v: 1, w: true }],
      ['2', { v: 'one', w: '2026-01-01T00:00:00.000Z' }],
    ];
    const strings = await opened({ conflicts: 'string' }, ...sample);
    expect(await properties(strings.target)).toEqual({ v: both, w: both });
    expect((await write(strings.sink, strings.target, 5n, states)).result.indexed).toBe(2);
    await context.client.indices.delete({ index: strings.target.index });
    const ignoring = await opened({ conflicts: 'ignoreMalformed' }, ...sample);
    expect(await properties(ignoring.target)).toEqual({ v: { type: 'long' }, w: { type: 'date' } });
    expect((await write(ignoring.sink, ignoring.target, 5n, states)).result.indexed).toBe(2);
    expect(await sumOf(ignoring.target, 'v')).toBe(1);
  });

  it('gives the room that there is to the fields that most documents have', async () => {
    const { target } = await opened(
      { settings: { 'mapping.total_fields.limit': 5 } },
      ...Array.from({ length: 50 }, (_, i) => count(`rare${i}`, 'date', 1)),
      count('often', 'string', 50),
      count('o', 'object', 40),
      count('o.x', 'int', 40),
    );
    expect(await properties(target)).toEqual({
      o: { properties: { x: { type: 'long' } } },
      often: both,
      rare0: { type: 'date' },
    });
    expect(context.events.filter(({ type }) => type === 'conversion.noted')).toMatchObject([
      { notes: { fieldsBeyondLimit: 49 } },
    ]);
  });

  it("leaves the operator's mappings, templates and choices alone", async () => {
    const { target } = await opened(
      {
        conflicts: 'string',
        fields: { labels: { type: 'flattened' }, 'o.code': { strings: 'keyword' } },
        mappings: {
          properties: { title: { type: 'keyword' }, meta: { type: 'object', dynamic: false } },
          dynamic_templates: [{ codes: { match: '*_code', mapping: { type: 'keyword' } } }],
        },
      },
      count('title', 'object', 5),
      count('title', 'string', 5),
      count('title.x', 'int', 5),
      count('meta', 'object', 5),
      count('meta.x', 'date', 5),
      count('labels', 'object', 5),
      count('labels.a', 'int', 5),
      count('labels.a', 'date', 5),
      count('post_code', 'int', 5),
      count('o.code', 'string', 5),
    );
    expect(await properties(target)).toEqual({
      labels: { type: 'flattened', ignore_above: 1024 },
      meta: { type: 'object', dynamic: 'false' },
      o: { properties: { code: keyword } },
      title: { type: 'keyword' },
    });
  });

  it('leaves alone what an index template maps', async () => {
    const name = `${context.prefix}-template`;
    await context.client.indices.putIndexTemplate({
      name,
      index_patterns: [`${context.prefix}*`],
      priority: 500,
      template: { mappings: { properties: { price: { type: 'float' } } } },
    });
    try {
      const { target } = await opened({}, count('price', 'double', 9), count('name', 'string', 9));
      expect(await properties(target)).toMatchObject({ price: { type: 'float' }, name: both });
    } finally {
      await context.client.indices.deleteIndexTemplate({ name });
    }
  });

  it('asks nothing when there is nothing to map', async () => {
    const { sink, target } = await opened({}, count('a', 'date', 1));
    await context.client.indices.delete({ index: target.index });
    await sink.mapSample(target, [count('a', 'int', 9), count('b', 'null', 9)], context.signal);
    await sink.mapSample(target, [], context.signal);
    await expect(sink.mapSample(target, [count('b', 'int', 9)], context.signal)).rejects.toMatchObject({
      code: 'SINK_TARGET_MISSING',
    });
  });
});
