import { Decimal128 } from 'mongodb';
import { raw, type RawValue } from './bson-bytes.fixture.js';
import { CORRUPT } from './bson-layout.js';
import { NoteCounter } from './conversion-notes.js';
import { DEFAULT_POLICIES, type ConversionPolicies } from './conversion-policies.js';
import { REFUSED, ScalarWriter } from './scalar-writer.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

const twelve = Buffer.from('0123456789abcdef01234567', 'hex');
const sixteen = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const decimal = (text: string) => raw.decimal(Decimal128.fromString(text).bytes);
/** Bytes behind the subtype, which is 2, the old one. */
const old = (length: number, ...bytes: number[]) => {
  const content = Buffer.alloc(4 + bytes.length);
  content.writeInt32LE(length);
  content.set(bytes, 4);
  return content;
};

interface Place {
  readonly policies?: Partial<ConversionPolicies>;
  readonly repairs?: boolean;
  readonly before?: number;
  /** The byte that stands in front. */
  readonly front?: number | undefined;
  readonly behind?: number;
  /** How many of the bytes of the value are below the limit; all by default. */
  readonly length?: number;
  readonly room?: number;
}

/** Writes a value with other bytes around it. */
function write({ type, bytes }: RawValue, place: Place = {}) {
  const { policies, repairs = false, before = 0, front = 0x41, behind = 0, length = bytes.length, room } = place;
  const source = Buffer.concat([Buffer.alloc(before, front), bytes, Buffer.alloc(behind)]);
  const notes = new NoteCounter();
  let end = NaN;
  const text = writtenText((out) => {
    const writer = new ScalarWriter(out, notes, { ...DEFAULT_POLICIES, ...policies });
    if (repairs) writer.repairsText = true;
    writer.read(source, new DataView(source.buffer, source.byteOffset, source.byteLength));
    end = writer.write(type, before, before + length);
  }, room);
  notes.keepDocument();
  return { text, end: end < 0 ? end : end - before, notes: notes.take() };
}

const values: [string, RawValue, string][] = [
  ['double', raw.double(1.5), '1.5'],
  ['string', raw.string('a"b'), '"a\\"b"'],
  ['empty string', raw.string(''), '""'],
  ['binary', raw.binary(0, Buffer.from('abc')), '"YWJj"'],
  ['empty binary', raw.binary(0, Buffer.alloc(0)), '""'],
  ['UUID', raw.binary(4, sixteen), '"00112233-4455-6677-8899-aabbccddeeff"'],
  ['legacy UUID', raw.binary(3, sixteen), '"00112233-4455-6677-8899-aabbccddeeff"'],
  ['UUID that is short', raw.binary(4, twelve), '"ASNFZ4mrze8BI0Vn"'],
  ['sixteen other bytes', raw.binary(5, sixteen), '"ABEiM0RVZneImaq7zN3u/w=="'],
  ['old binary', raw.binary(2, old(2, 65, 66)), '"QUI="'],
  ['empty old binary', raw.binary(2, old(0)), '""'],
  ['old binary without its length', raw.binary(2, Buffer.from([1, 2, 3])), '"AQID"'],
  ['old binary with another length', raw.binary(2, old(1, 65, 66)), '"AQAAAEFC"'],
  ['binary that begins like an old one', raw.binary(0, old(2, 65, 66)), '"AgAAAEFC"'],
  ['undefined', raw.undefined, 'null'],
  ['ObjectId', raw.objectId(twelve), '"0123456789abcdef01234567"'],
  ['false', raw.bool(false), 'false'],
  ['true', raw.bool(true), 'true'],
  ['date', raw.date(0n), '"1970-01-01T00:00:00.000Z"'],
  ['date of today', raw.date(1_700_000_000_123n), '"2023-11-14T22:13:20.123Z"'],
  ['late date', raw.date(2n ** 60n), '1152921504606846976'],
  ['first date', raw.date(-(2n ** 63n)), '-9223372036854775807'],
  ['second date', raw.date(-(2n ** 63n) + 1n), '-9223372036854775807'],
  ['early date', raw.date(-(2n ** 63n) + 2n ** 32n), '-9223372032559808512'],
  ['null', raw.null, 'null'],
  ['regex', raw.regex('a"/', 'im'), '"/a\\"//im"'],
  ['empty regex', raw.regex('', ''), '"//"'],
  ['DBPointer', raw.dbPointer('c"', twelve), '{"ref":"c\\"","id":"0123456789abcdef01234567"}'],
  ['code', raw.code('f()'), '"f()"'],
  ['symbol', raw.symbol('s'), '"s"'],
  ['code with scope', raw.codeWithScope('f()', [['a', raw.null]]), '"f()"'],
  ['int32', raw.int32(-5), '-5'],
  ['timestamp', raw.timestamp(4_294_967_295, 2), '{"t":4294967295,"i":2}'],
  ['timestamp of other bytes', raw.timestamp(0x01020304, 0x05060708), '{"t":16909060,"i":84281096}'],
  ['int64', raw.int64(2n ** 53n + 1n), '9007199254740993'],
  ['decimal', decimal('12.50'), '"12.50"'],
  ['long decimal', decimal('1E+6144'), '"1.000000000000000000000000000000000E+6144"'],
  ['MinKey', raw.minKey, '"MinKey"'],
  ['MaxKey', raw.maxKey, '"MaxKey"'],
];

describe('ScalarWriter', () => {
  it.each(values)('writes a %s, wherever it stands and whatever room there is', (_, value, text) => {
    for (const before of [0, 5]) {
      for (const behind of [0, 20]) {
        expect(write(value, { before, behind })).toMatchObject({ text, end: value.bytes.length });
      }
    }
    for (let room = 0; room <= LARGEST_ROOM; room++) expect(write(value, { room }).text).toBe(text);
  });

  it.each(values)('says of a %s that is cut anywhere that it is corrupt', (_, value) => {
    for (const front of [undefined, 0x41, 0]) {
      const before = front === undefined ? 0 : 40;
      for (let length = 0; length < value.bytes.length; length++) {
        expect(write(value, { before, front, behind: 20, length }).end).toBe(CORRUPT);
        const cut = { type: value.type, bytes: value.bytes.subarray(0, length) };
        expect(write(cut, { before, front }).end).toBe(CORRUPT);
      }
    }
  });

  it.each<[string, RawValue]>([
    ['a bool of 2', { type: 0x08, bytes: Buffer.from([2]) }],
    ['a type of nobody', { type: 0x14, bytes: Buffer.alloc(20) }],
    ['a string without a NUL', { type: 0x02, bytes: Buffer.from([1, 0, 0, 0, 65]) }],
    ['a negative length', { type: 0x05, bytes: Buffer.from([255, 255, 255, 255, 0]) }],
  ])('says of %s that it is corrupt', (_, value) => {
    expect(write(value, { behind: 20 }).end).toBe(CORRUPT);
  });

  it('copies text that is not UTF-8, and repairs it when it is told to', () => {
    const value = raw.string(Buffer.from([0x61, 0x80]));
    expect(write(value)).toMatchObject({ text: '"a\x80"', notes: {} });
    const repaired = Buffer.from('"a\ufffd"').toString('latin1');
    expect(write(value, { repairs: true })).toMatchObject({ text: repaired, notes: { invalidUtf8: 1 } });
    expect(write(raw.string('aé'), { repairs: true })).toMatchObject({ text: '"a\xc3\xa9"', notes: {} });
  });

  it.each<[ConversionPolicies['nonFinite'], string, number]>([
    ['null', 'null', 8],
    ['string', '"-Infinity"', 8],
    ['reject', '', REFUSED],
  ])('writes what is not finite by the policy %s', (nonFinite, text, end) => {
    const result = write(raw.double(-Infinity), { policies: { nonFinite } });
    expect(result).toMatchObject({ text, end, notes: end === REFUSED ? {} : { nonFiniteNumber: 1 } });
    const wide = write(decimal('-Infinity'), { policies: { nonFinite, decimal: 'number' } });
    expect(wide).toMatchObject({ text, end: end === REFUSED ? REFUSED : 16 });
  });

  it.each([
    ['123456789012345', 0],
    ['1234567890123456', 1],
    ['0.00123456789012345', 0],
    ['0.001234567890123456', 1],
    ['-1.23000000000000000000', 0],
    ['1234567890.12345000E+20', 0],
    ['0E-400', 0],
    ['1E-300', 0],
    ['1E-310', 1],
  ])('notes of the number %s whether a double loses digits: %d', (text, count) => {
    const value = decimal(text);
    const written = write(value, { policies: { decimal: 'number' } });
    const notes = count === 0 ? {} : { decimalRounded: 1 };
    expect(written).toEqual({ text: new Decimal128(value.bytes).toString(), end: 16, notes });
  });

  it('notes what it leaves out', () => {
    expect(write(raw.undefined).notes).toEqual({ undefinedDropped: 1 });
    expect(write(raw.codeWithScope('f', [])).notes).toEqual({ scopeDropped: 1 });
    expect(write(raw.date(2n ** 60n)).notes).toEqual({ dateOutOfRange: 1 });
  });
});
