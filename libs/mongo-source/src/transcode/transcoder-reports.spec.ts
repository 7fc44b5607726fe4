import { Decimal128 } from 'mongodb';
import { hashedId } from '@lockstep/contracts';
import { encodeDocumentId } from '../document-id/encode-document-id.js';
import { documentOf, raw, type RawElement, type RawValue } from './bson-bytes.fixture.js';
import type { ConversionPolicies } from './conversion-policies.js';
import { Transcoder } from './transcoder.js';

const id: RawElement = ['_id', raw.int32(1)];

function batch(transcoder: Transcoder, ...documents: (readonly RawElement[])[]) {
  transcoder.begin();
  const states = documents.map((elements) => {
    const bytes = documentOf([id, ...elements]);
    return transcoder.add(bytes, 0, bytes.length);
  });
  const { body, newFields, notes } = transcoder.finish();
  const json = states.map((state) =>
    state.operation === 'index' ? body.toString('utf8', state.start, state.end) : state,
  );
  return { json, notes, types: newFields.map(({ path, type }) => `${path}: ${type}`) };
}

const one = (elements: readonly RawElement[], policies: Partial<ConversionPolicies> = {}) => {
  const { json, notes, types } = batch(new Transcoder(policies), elements);
  return { json: json[0], notes, types };
};

const nest = (levels: number, inner: RawValue): RawValue => {
  let value = inner;
  for (let i = 0; i < levels; i++) value = raw.document([['o', value]]);
  return value;
};

describe('field types', () => {
  it('reports each path and type once, arrays with the types of their elements', () => {
    const transcoder = new Transcoder();
    const elements: RawElement[] = [
      ['n', raw.array([raw.int32(1), raw.double(2.5), raw.int32(3)])],
      ['o', raw.document([['list', raw.array([raw.document([['x', raw.string('a')]]), raw.array([raw.bool(true)])])]])],
      ['u', raw.binary(4, Buffer.alloc(16))],
      ['b', raw.binary(0, Buffer.alloc(16))],
      ['s', raw.codeWithScope('c', [])],
      ['min', raw.minKey],
      ['gone', raw.undefined],
    ];
    expect(batch(transcoder, elements, elements).types).toEqual(
      [
        'n: array',
        'n: int',
        'n: double',
        'o: object',
        'o.list: array',
        'o.list: object',
        'o.list.x: string',
        'o.list: array',
        'o.list: bool',
        'u: uuid',
        'b: binary',
        's: code',
        'min: minKey',
      ].filter((line, i, all) => all.indexOf(line) === i),
    );
    expect(batch(transcoder, elements).types).toEqual([]);
    expect(batch(transcoder, [['n', raw.int64(5n)]]).types).toEqual(['n: long']);
  });

  it('tells all types of one document, whatever was met before', () => {
    const transcoder = new Transcoder();
    const typesOf = (...elements: RawElement[]): string[] | undefined => {
      const bytes = documentOf([id, ...elements]);
      return transcoder.fieldTypesOf(bytes, 0, bytes.length)?.types.map(({ path, type }) => `${path}: ${type}`);
    };
    const elements: RawElement[] = [
      ['n', raw.array([raw.int32(1), raw.double(2.5), raw.int32(3)])],
      ['o', raw.document([['x', raw.string('ü\xff')]])],
      ['twice', raw.int32(1)],
      ['twice', raw.bool(true)],
    ];
    const types = ['n: array', 'n: int', 'n: double', 'o: object', 'o.x: string', 'twice: bool'];
    expect(typesOf(...elements)).toEqual(types);
    expect(typesOf(...elements)).toEqual(types);
    expect(typesOf(['n', raw.int32(1)])).toEqual(['n: int']);
    const cut = documentOf([id, ['n', raw.int32(1)]]).subarray(0, -3);
    expect(transcoder.fieldTypesOf(cut, 0, cut.length)).toBeNull();
    expect(typesOf(['n', raw.int32(1)])).toEqual(['n: int']);
    const whole = documentOf([id, ['n', raw.int32(1)]]);
    expect(transcoder.fieldTypesOf(whole, 0, whole.length)?.id).toBe('{"$number":"1"}');
  });

  it('reports paths as they stand in the JSON', () => {
    expect(
      one([
        ['_source', raw.null],
        ['a', raw.null],
        ['a.b', raw.null],
        ['x.y', raw.null],
      ]).types,
    ).toEqual(['field_source: null', 'a: null', 'a%2Eb: null', 'x.y: null']);
  });
});

describe('duplicate names', () => {
  it.each<[string, RawElement[], string]>([
    [
      'the last one wins',
      [
        ['a', raw.int32(1)],
        ['b', raw.int32(2)],
        ['a', raw.int32(3)],
      ],
      '{"b":2,"a":3}',
    ],
    [
      'three times',
      [
        ['a', raw.int32(1)],
        ['a', raw.int32(2)],
        ['a', raw.int32(3)],
      ],
      '{"a":3}',
    ],
    [
      'the first value is an object',
      [
        ['a', raw.document([['x', raw.string('}"')]])],
        ['b', raw.null],
        ['a', raw.null],
      ],
      '{"b":null,"a":null}',
    ],
    [
      'the last value is undefined',
      [
        ['a', raw.int32(1)],
        ['a', raw.undefined],
      ],
      '{}',
    ],
    [
      'undefined came before',
      [
        ['a', raw.undefined],
        ['a', raw.int32(1)],
      ],
      '{"a":1}',
    ],
    [
      'inside one that is replaced',
      [
        [
          'a',
          raw.document([
            ['x', raw.null],
            ['x', raw.bool(true)],
          ]),
        ],
        ['a', raw.null],
      ],
      '{"a":null}',
    ],
  ])('%s', (_, elements, json) => {
    const result = one(elements);
    expect(result.json).toBe(json);
    expect(result.notes.duplicateField).toBeGreaterThan(0);
  });

  it('leave the type of the last value alone in the report', () => {
    const transcoder = new Transcoder();
    const elements: RawElement[] = [
      ['kept', raw.int32(1)],
      ['a', raw.int32(1)],
      ['o', raw.document([['x', raw.date(0n)]])],
      ['same', raw.date(0n)],
      ['a', raw.string('last')],
      ['o', raw.document([['x', raw.bool(true)]])],
      ['same', raw.date(1n)],
    ];
    expect(batch(transcoder, elements).types).toEqual([
      'kept: int',
      'a: string',
      'o: object',
      'o.x: bool',
      'same: date',
    ]);
    expect(batch(transcoder, [['a', raw.int32(1)]], elements).types).toEqual(['a: int']);
  });

  it('are found in quadratic numbers without quadratic work', () => {
    const elements = Array.from({ length: 60_000 }, (_, i): RawElement => [`k${i % 20_000}`, raw.int32(i)]);
    const { json, notes } = one(elements);
    const parsed = JSON.parse(json as string) as Record<string, number>;
    expect(Object.keys(parsed)).toHaveLength(20_000);
    expect(parsed.k7).toBe(40_007);
    expect(notes).toEqual({ duplicateField: 40_000 });
  });
});

describe('depth', () => {
  it('keeps twenty levels as they are', () => {
    expect(one([['o', nest(18, raw.int32(1))]]).notes).toEqual({});
    expect(JSON.parse(one([['o', nest(18, raw.document([['n', raw.int32(1)]]))]]).json as string)).toBeDefined();
  });

  it('writes what is below as a string', () => {
    const { json, notes, types } = one([['o', raw.document([['p', raw.document([['q"', raw.string('"\\\n')]])]])]], {
      maxDepth: 2,
    });
    expect(json).toBe(String.raw`{"o":{"p":"{\"q\\\"\":\"\\\"\\\\\\n\"}"}}`);
    expect(notes).toEqual({ tooDeep: 1 });
    expect(types).toEqual(['o: object', 'o.p: string']);
  });

  it('or rejects the document, by policy', () => {
    const { json } = one([['o', nest(20, raw.null)]], { tooDeep: 'reject' });
    expect(json).toMatchObject({
      operation: 'reject',
      code: 'SOURCE_DOCUMENT_UNSUPPORTED',
      field: 'o' + '.o'.repeat(19),
    });
  });

  it.each([
    ['objects', (inner: RawValue) => raw.document([['o', inner]])],
    ['arrays', (inner: RawValue) => raw.array([inner])],
  ])('takes thousands of levels of %s', (_, wrap) => {
    let value: RawValue = raw.int32(1);
    for (let i = 0; i < 3_000; i++) value = wrap(value);
    const { json, notes } = one([['o', value]]);
    expect(() => JSON.parse(json as string) as unknown).not.toThrow();
    expect(notes).toEqual({ tooDeep: 1 });
  });

  it.each([
    ['a Timestamp', raw.timestamp(1, 2), String.raw`{"o":{"p":"{\"t\":1,\"i\":2}"}}`],
    [
      'a DBPointer',
      raw.dbPointer('c', Buffer.alloc(12)),
      String.raw`{"o":{"p":"{\"ref\":\"c\",\"id\":\"000000000000000000000000\"}"}}`,
    ],
  ])('counts %s, which is written as an object', (_, value, json) => {
    const elements: RawElement[] = [['o', raw.document([['p', value]])]];
    expect(one(elements, { maxDepth: 2 })).toEqual({
      json,
      notes: { tooDeep: 1 },
      types: ['o: object', 'o.p: string'],
    });
    expect(one(elements, { maxDepth: 3 }).notes).toEqual({});
    expect(one(elements, { maxDepth: 2, tooDeep: 'reject' }).json).toMatchObject({ field: 'o.p' });
  });

  it('counts the levels of dotted names', () => {
    expect(one([['a.b.c', raw.null]], { maxDepth: 3 }).json).toBe('{"a.b.c":null}');
    expect(one([['a.b.c', raw.null]], { maxDepth: 2 }).json).toBe('{"a%2Eb%2Ec":null}');
  });
});

describe('field names that are data', () => {
  it('are converted beyond the shapes that are remembered', () => {
    const transcoder = new Transcoder();
    for (let round = 0; round < 4; round++) {
      const elements = Array.from({ length: 6_000 }, (_, i): RawElement => [
        `k${round}-${i}`,
        raw.document([['v', raw.int32(i)]]),
      ]);
      elements.push([`k${round}-3`, raw.string('last')]);
      const parsed = JSON.parse(batch(transcoder, elements).json[0] as string) as Record<string, unknown>;
      expect(Object.keys(parsed)).toHaveLength(6_000);
      expect(parsed[`k${round}-3`]).toBe('last');
      expect(parsed[`k${round}-5999`]).toEqual({ v: 5_999 });
    }
  });

  it('take nothing from the report of those that are', () => {
    const transcoder = new Transcoder();
    const numbers = Array.from({ length: 10_000 }, (_, i): RawElement => [`k${i}`, raw.int32(i)]);
    batch(transcoder, [['a', raw.int32(1)], ...numbers]);
    const texts = Array.from({ length: 100 }, (_, i): RawElement => [`k${i}`, raw.string('')]);
    const repeated = Array.from({ length: 200 }, (): RawElement => ['not remembered', raw.null]);
    const { types } = batch(transcoder, [...texts, ...repeated, ['a', raw.string('')], ['a', raw.bool(true)]]);
    expect(types).toEqual([...texts.map(([name]) => `${String(name)}: string`), 'a: bool']);
  });

  it('may be very long', () => {
    const name = 'n'.repeat(10_000);
    expect(one([[name, raw.int32(1)]]).json).toBe(`{"${name}":1}`);
  });
});

describe('batches', () => {
  it('hand over their bytes: a later batch does not touch them', () => {
    const transcoder = new Transcoder();
    const bytes = documentOf([id, ['a', raw.string('first')]]);
    transcoder.begin();
    transcoder.add(bytes, 0, bytes.length);
    const { body } = transcoder.finish();
    batch(transcoder, [['a', raw.string('other')]]);
    expect(body.toString()).toBe('{"a":"first"}');
  });

  it('are dropped when they are not finished: their fields are met again', () => {
    const transcoder = new Transcoder();
    const dropped = documentOf([id, ['x', raw.double(NaN)]]);
    transcoder.begin();
    transcoder.add(dropped, 0, dropped.length);
    const kept = documentOf([id, ['y', raw.int32(1)]]);
    transcoder.begin();
    transcoder.add(kept, 0, kept.length);
    const { body, ...reports } = transcoder.finish();
    expect(body.toString()).toBe('{"y":1}');
    expect(reports).toEqual({ newFields: [{ path: 'y', type: 'int' }], notes: {} });
    expect(batch(transcoder, [['x', raw.double(1)]]).types).toEqual(['x: double']);
  });

  it('grow as far as they must', () => {
    const long = 'x\n'.repeat(500_000);
    expect(JSON.parse(one([['a', raw.string(long)]]).json as string)).toEqual({ a: long });
  });

  it('keep Object.prototype as it was', () => {
    expect(
      one([
        ['__proto__', raw.document([['polluted', raw.bool(true)]])],
        ['constructor', raw.int32(1)],
      ]).json,
    ).toBe('{"__proto__":{"polluted":true},"constructor":1}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('documents with a hashed id', () => {
  const add = (elements: readonly RawElement[], policies: Partial<ConversionPolicies> = {}) => {
    const transcoder = new Transcoder(policies);
    transcoder.begin();
    const bytes = Buffer.concat([Buffer.from([1, 2, 3]), documentOf(elements), Buffer.from([4])]);
    return transcoder.add(bytes, 3, bytes.length - 1);
  };
  const long: RawElement = ['_id', raw.string('x'.repeat(600))];
  const element = Buffer.concat([Buffer.from('\u0002_id\0'), raw.string('x'.repeat(600)).bytes]);

  it('bring their _id along, wherever it stands, written or rejected', () => {
    const written = add([['a', raw.null], long, ['_id', raw.int32(1)]]);
    expect(written).toMatchObject({ operation: 'index', id: encodeDocumentId(element), originalId: { element } });
    const rejected = add([long, ['a', raw.double(NaN)]], { nonFinite: 'reject' });
    expect(rejected).toMatchObject({ operation: 'reject', id: encodeDocumentId(element), originalId: { element } });
  });

  it('are the only ones that do', () => {
    expect(add([id])).not.toHaveProperty('originalId');
    expect(add([['_id', raw.string(hashedId('0'.repeat(64)))]])).not.toHaveProperty('originalId');
    expect(add([['a', raw.double(NaN)]], { nonFinite: 'reject' })).not.toHaveProperty('originalId');
  });
});

describe('notes', () => {
  it.each<[string, RawElement[], Partial<ConversionPolicies>]>([
    ['nonFiniteNumber', [['a', raw.double(NaN)]], {}],
    ['decimalRounded', [['a', raw.decimal(Decimal128.fromString('1.2345678901234567').bytes)]], { decimal: 'number' }],
    ['invalidUtf8', [['a', raw.string(Buffer.from([0xff]))]], {}],
    ['invalidUtf8', [[Buffer.from([0xff]), raw.null]], {}],
    ['dateOutOfRange', [['a', raw.date(2n ** 60n)]], {}],
    ['scopeDropped', [['a', raw.codeWithScope('f', [])]], {}],
    ['undefinedDropped', [['a', raw.undefined]], {}],
    ['undefinedDropped', [['a', raw.array([raw.undefined])]], {}],
    ['fieldRenamed', [['_source', raw.null]], {}],
    ['fieldEscaped', [['.a', raw.null]], {}],
    [
      'fieldEscaped',
      [
        ['a', raw.null],
        ['a.b', raw.null],
      ],
      {},
    ],
  ])('count %s', (kind, elements, policies) => {
    expect(one(elements, policies).notes).toEqual({ [kind]: 1 });
  });

  it('count once what is bent in a document with text that is not UTF-8', () => {
    const elements: RawElement[] = [
      ['n', raw.double(NaN)],
      ['s', raw.string(Buffer.from([0x80]))],
    ];
    expect(one(elements)).toMatchObject({
      json: '{"n":null,"s":"\ufffd"}',
      notes: { nonFiniteNumber: 1, invalidUtf8: 1 },
    });
    expect(one([['s', raw.string(Buffer.from([0x80]))]]).json).toBe('{"s":"\ufffd"}');
  });

  it('are none where nothing was bent', () => {
    const decimal = raw.decimal(Decimal128.fromString('12.50').bytes);
    const reference = raw.document([
      ['$ref', raw.string('c')],
      ['$id', raw.int32(1)],
    ]);
    expect(
      one(
        [
          ['a', decimal],
          ['b', reference],
          ['c.d', raw.null],
        ],
        { decimal: 'number' },
      ).notes,
    ).toEqual({});
  });
});
