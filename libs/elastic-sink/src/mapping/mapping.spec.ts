import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StringMapping } from '@lockstep/contracts';
import { stringMapping } from './field-mapping.js';
import { KnownFields } from './known-fields.js';
import { MappingRules } from './mapping-rules.js';
import { mappingTree } from './mapping-tree.js';
import { onePerPath } from './number-family.js';
import { dynamicTemplates, templateMatches } from './template-match.js';

const long = { type: 'long' };

describe('mappingTree', () => {
  it('builds objects for dotted paths', () => {
    const tree = mappingTree([
      { path: 'a.b.c', mapping: long },
      { path: 'a.d', mapping: long },
      { path: 'e', mapping: long },
    ]);
    expect(JSON.parse(JSON.stringify(tree))).toEqual({
      a: { properties: { b: { properties: { c: long } }, d: long } },
      e: long,
    });
  });

  it('keeps the first of a field and what would stand below or above it', () => {
    const timestamp = { properties: { t: long } };
    const tree = mappingTree([
      { path: 'a', mapping: long },
      { path: 'a.b', mapping: long },
      { path: 'c.d', mapping: long },
      { path: 'c', mapping: long },
      { path: 'ts', mapping: timestamp },
      { path: 'ts.x', mapping: long },
    ]);
    expect(JSON.parse(JSON.stringify(tree))).toEqual({ a: long, c: { properties: { d: long } }, ts: timestamp });
    expect(timestamp).toEqual({ properties: { t: long } });
  });

  it('takes names of JavaScript for ordinary names', () => {
    const text = JSON.stringify(mappingTree([{ path: '__proto__.constructor', mapping: long }]));
    expect(text).toBe('{"__proto__":{"properties":{"constructor":{"type":"long"}}}}');
    expect(({} as Record<string, unknown>).properties).toBeUndefined();
  });
});

describe('onePerPath', () => {
  it.each([
    [['int', 'double'], 'double'],
    [['double', 'int'], 'double'],
    [['int', 'long', 'double', 'string'], 'double'],
    [['int', 'long'], 'int'],
    [['int', 'decimal'], 'double'],
    [['decimal', 'int'], 'decimal'],
    [['string', 'int'], 'string'],
    [['int', 'string'], 'int'],
    [['null', 'date'], 'date'],
    [['array', 'int', 'double'], 'double'],
    [['object', 'string'], 'string'],
    [['decimal', 'double'], 'decimal'],
  ] as const)('%j is %s', (types, expected) => {
    expect(onePerPath(types.map((type) => ({ path: 'a', type }))).get('a')).toBe(expected);
  });
});

describe('onePerPath under the policy string', () => {
  it.each([
    [['int', 'string'], 'string'],
    [['date', 'bool'], 'string'],
    [['int', 'double', 'date'], 'string'],
    [['binary', 'uuid'], 'string'],
    [['null', 'date', 'object', 'date'], 'date'],
    [['int', 'long', 'double'], 'double'],
    [['int', 'decimal'], 'double'],
    [['objectId', 'int'], 'objectId'],
    [['string', 'int', 'date'], 'string'],
    [['timestamp', 'int'], 'timestamp'],
  ] as const)('%j is %s', (types, expected) => {
    const fields = types.map((type) => ({ path: 'a', type }));
    expect(onePerPath(fields, 'string').get('a')).toBe(expected);
  });
});

describe('MappingRules', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/documents.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(both|keyword|text|none)`[^|]*\| `([^`]*)`/gmu)];

  it.each(rows.map(([, strings, mapping]) => [strings as StringMapping, mapping!]))(
    'docs/documents.md: strings %s',
    (strings, mapping) => {
      expect(JSON.stringify(stringMapping(strings))).toBe(mapping);
    },
  );

  it('has a row for every choice, the default first', () => {
    expect(rows.map(([, strings]) => strings)).toEqual(['both', 'keyword', 'text', 'none']);
    expect(new MappingRules({}).mappingFor({ path: 'a', type: 'string' })).toEqual(stringMapping('both'));
  });

  it('finds the flattened field that a path is in', () => {
    const rules = new MappingRules({ fields: { 'a.b': { type: 'flattened' }, a: { strings: 'text' } } });
    const outermost = (path: string) => rules.outermost({ path, type: 'int' }).path;
    expect(['a', 'a.b', 'a.b.c', 'a.b.c.d', 'a.bc', 'x.a.b.c'].map(outermost)).toEqual([
      'a',
      'a.b',
      'a.b',
      'a.b',
      'a.bc',
      'x.a.b.c',
    ]);
  });
});

describe('KnownFields', () => {
  const known = (): KnownFields =>
    new KnownFields(
      {
        properties: {
          leaf: { type: 'text', fields: { keyword: { type: 'keyword' } } },
          object: { properties: { inner: { type: 'long' } } },
          closed: { dynamic: 'false', properties: { opened: { dynamic: 'true', properties: {} } } },
          off: { type: 'object', enabled: false },
          nested: { type: 'nested', properties: {} },
        },
      },
      1_000,
    );

  it.each([
    ['new', true],
    ['leaf', false],
    ['leaf.below', false],
    ['object', false],
    ['object.inner', false],
    ['object.new.deep', true],
    ['closed.new', false],
    ['closed.opened.new', true],
    ['off.new', false],
    ['nested.new', true],
    ['a..b', false],
    ['.a', false],
    ['a.', false],
    ['', false],
    [' ', false],
    [Array.from({ length: 21 }, () => 'a').join('.'), false],
  ])('%j can be put: %s', (path, expected) => {
    expect(known().canAdd(path)).toBe(expected);
  });

  it('counts as Elasticsearch does', () => {
    const fields = known();
    expect(fields.count).toBe(8);
    fields.add('x.y.z', 2, null);
    expect(fields.count).toBe(12);
    expect([fields.has('x.y.z'), fields.has('x.y'), fields.canAdd('x.y.z.w')]).toEqual([true, true, false]);
  });

  it('counts the parents that a field needs against the limit, and runtime fields', () => {
    const mapping = { runtime: { r: { type: 'long' } }, properties: { a: { properties: {} } } };
    const fields = new KnownFields(mapping, 5);
    expect(fields.count).toBe(2);
    expect(['x', 'a.x', 'b.x', 'a.b.x'].map((path) => fields.hasRoom(path, 2))).toEqual([true, true, true, true]);
    expect(['x', 'a.x', 'b.x', 'a.b.x', 'b.c.x'].map((path) => fields.hasRoom(path, 3))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([fields.leave('x'), fields.leave('x'), fields.leave('y')]).toEqual([true, false, true]);
  });

  it.each([
    ['a long', { type: 'long' }, true, true],
    ['a short integer', { type: 'short' }, true, true],
    ['a double', { type: 'double' }, true, false],
    ['a keyword', { type: 'keyword' }, true, false],
    ['a long that refuses it', { type: 'long', coerce: 'false' }, true, false],
    ['a long of an index that refuses it', { type: 'long' }, false, false],
    ['a long that takes it all the same', { type: 'long', coerce: true }, false, true],
  ])('knows whether %s cuts a fraction off, and tells it once', (_, mapping, coerces, expected) => {
    const fields = new KnownFields({ properties: { o: { properties: { n: mapping } } } }, 1_000, coerces);
    fields.add('added', 1, mapping);
    for (const path of ['o.n', 'added']) {
      expect([fields.cutFraction(path), fields.cutFraction(path)]).toEqual([expected, false]);
    }
  });

  it.each([['strict'], [false], ['runtime']])('puts nothing into a mapping whose dynamic is %p', (dynamic) => {
    expect(new KnownFields({ dynamic }, 1_000).canAdd('a')).toBe(false);
  });
});

describe('templateMatches', () => {
  it.each([
    [{ match: '*_code' }, 'a.post_code', 'string', true],
    [{ match: '*_code' }, 'a.postcode', 'string', false],
    [{ match: ['x', 'y'] }, 'y', 'string', true],
    [{ match: '^p\\d+$', match_pattern: 'regex' }, 'p12', 'string', true],
    [{ path_match: 'name.*' }, 'name.first', 'string', true],
    [{ path_match: 'name.*', path_unmatch: '*.middle' }, 'name.middle', 'string', false],
    [{ match_mapping_type: 'long' }, 'n', 'long', true],
    [{ match_mapping_type: ['long', 'double'] }, 'n', 'string', false],
    [{ match_mapping_type: '*' }, 'n', 'string', true],
    [{ match: 'a.b' }, 'axb', 'string', false],
    [{ unmatch: 'n' }, 'n', 'string', false],
  ] as const)('%j for %s (%s): %s', (template, path, type, expected) => {
    expect(templateMatches(template, path, type)).toBe(expected);
  });

  it('reads the templates of mappings', () => {
    expect(dynamicTemplates({ dynamic_templates: [{ a: { match: 'x' } }, { b: { match: 'y' } }] })).toHaveLength(2);
    expect(dynamicTemplates(undefined)).toEqual([]);
  });
});
