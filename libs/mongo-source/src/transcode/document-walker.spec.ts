import { documentOf, raw, type RawValue } from './bson-bytes.fixture.js';
import type { ConversionPolicies } from './conversion-policies.js';
import { Transcoder } from './transcoder.js';

const id = ['_id', raw.int32(1)] as const;

/** As many arrays within each other, the innermost one around the value. */
function arrays(count: number, value: RawValue): RawValue {
  let nested = value;
  for (let n = 0; n < count; n++) nested = raw.array([nested]);
  return nested;
}

function convert(
  value: RawValue,
  { transcoder = new Transcoder(), ...policies }: { transcoder?: Transcoder } & Partial<ConversionPolicies> = {},
): { json: string | null; notes: Record<string, number> } {
  const bytes = documentOf([id, ['a', value]]);
  const walker = Object.keys(policies).length === 0 ? transcoder : new Transcoder(policies);
  walker.begin();
  const state = walker.add(bytes, 0, bytes.length);
  const { body, notes } = walker.finish();
  return { json: state.operation === 'index' ? body.toString('utf8', state.start, state.end) : null, notes };
}

const nestedText = (count: number, inner: string): string => `{"a":${'['.repeat(count)}${inner}${']'.repeat(count)}}`;

describe('documents within documents', () => {
  it('are written to the depth that every Elasticsearch parses, and as text below it', () => {
    expect(convert(arrays(499, raw.int32(7)))).toEqual({ json: nestedText(499, '7'), notes: {} });
    const deeper = convert(arrays(500, raw.int32(7)));
    expect(deeper).toEqual({ json: nestedText(499, '"[7]"'), notes: { tooDeep: 1 } });
    expect(convert(arrays(500, raw.int32(7)), { tooDeep: 'reject' }).json).toBeNull();
    expect(convert(arrays(499, raw.int32(7)), { tooDeep: 'reject' }).json).toBe(nestedText(499, '7'));
  });

  it('of any depth leave nothing behind for the next document', () => {
    const transcoder = new Transcoder();
    for (const depth of [63, 64, 65, 66, 1, 400, 2, 64]) {
      expect(convert(arrays(depth, raw.string('x')), { transcoder }).json).toBe(nestedText(depth, '"x"'));
    }
  });

  it('are in the order of an array, whatever indexes it names', () => {
    const { type } = raw.array([]);
    for (const names of [
      ['', '', ''],
      ['0', '', '2'],
      ['', 'one', '10'],
      ['7', '7', 'x'],
    ]) {
      const bytes = documentOf(names.map((name, i) => [name, raw.int32(i)] as const));
      expect(convert({ type, bytes }).json).toBe('{"a":[0,1,2]}');
    }
  });

  it.each<[string, readonly (readonly [string, RawValue])[], string]>([
    [
      'a reference',
      [
        ['$ref', raw.string('c')],
        ['$id', raw.int32(5)],
      ],
      '{"ref":"c","id":5}',
    ],
    [
      'one to a collection without a name',
      [
        ['$ref', raw.string('')],
        ['$id', raw.null],
      ],
      '{"ref":"","id":null}',
    ],
    [
      'one that names its database',
      [
        ['$ref', raw.string('c')],
        ['$id', raw.int32(5)],
        ['$db', raw.string('d')],
      ],
      '{"ref":"c","id":5,"db":"d"}',
    ],
    ['a reference without an id', [['$ref', raw.string('c')]], '{"$ref":"c"}'],
    [
      'an id in front',
      [
        ['$id', raw.int32(5)],
        ['$ref', raw.string('c')],
      ],
      '{"$id":5,"$ref":"c"}',
    ],
    [
      'something between',
      [
        ['$ref', raw.string('c')],
        ['$ie', raw.null],
        ['$id', raw.null],
      ],
      '{"$ref":"c","$ie":null,"$id":null}',
    ],
    [
      'a longer name',
      [
        ['$refs', raw.string('c')],
        ['$id', raw.int32(5)],
      ],
      '{"$refs":"c","$id":5}',
    ],
    [
      'a longer name of the id',
      [
        ['$ref', raw.string('c')],
        ['$ids', raw.int32(5)],
      ],
      '{"$ref":"c","$ids":5}',
    ],
    [
      'a reference that is no text',
      [
        ['$ref', raw.int32(1)],
        ['$id', raw.int32(5)],
      ],
      '{"$ref":1,"$id":5}',
    ],
  ])('%s', (_, members, json) => {
    expect(convert(raw.document(members)).json).toBe(`{"a":${json}}`);
  });
});

describe('JSON that fills its buffer', () => {
  const SMALLEST_BUFFER = 16_384;
  const value = raw.document([
    ['n', raw.null],
    ['arrays', raw.array([raw.array([]), raw.null, raw.array([raw.document([]), raw.document([])])])],
    ['a field with a long name', raw.document([['x', raw.document([])]])],
  ]);
  const json = '{"n":null,"arrays":[[],null,[{},{}]],"a field with a long name":{"x":{}}}';

  it('is whole, whichever byte is the last that has room', () => {
    for (let room = 0; room < 200; room++) {
      const filler = 'x'.repeat(SMALLEST_BUFFER - '{"a":""}'.length - room);
      const transcoder = new Transcoder();
      transcoder.begin();
      for (const elements of [[id, ['a', raw.string(filler)]], [id], [id, ['v', value]], [id]] as const) {
        const bytes = documentOf(elements);
        transcoder.add(bytes, 0, bytes.length);
      }
      expect(transcoder.finish().body.toString()).toBe(`{"a":"${filler}"}{}{"v":${json}}{}`);
    }
  });
});
