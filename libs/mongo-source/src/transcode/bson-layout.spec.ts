import * as fc from 'fast-check';
import { anyValue, raw, type RawValue } from './bson-bytes.fixture.js';
import { binaryEnd, codeWithScopeEnd, CORRUPT, documentEnd, stringEnd, textEnd, valueEnd } from './bson-layout.js';

const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const endOf = (bytes: Buffer, type: number, from: number, limit = bytes.length) =>
  valueEnd(bytes, viewOf(bytes), type, from, limit);

const oneOfEach: [string, RawValue][] = [
  ['double', raw.double(1)],
  ['string', raw.string('ab')],
  ['empty string', raw.string('')],
  ['document', raw.document([['a', raw.null]])],
  ['empty document', raw.document([])],
  ['array', raw.array([raw.null])],
  ['binary', raw.binary(0, Buffer.from('ab'))],
  ['empty binary', raw.binary(0, Buffer.alloc(0))],
  ['undefined', raw.undefined],
  ['ObjectId', raw.objectId(Buffer.alloc(12, 1))],
  ['false', raw.bool(false)],
  ['true', raw.bool(true)],
  ['date', raw.date(1n)],
  ['null', raw.null],
  ['regex', raw.regex('ab', 'i')],
  ['empty regex', raw.regex('', '')],
  ['DBPointer', raw.dbPointer('ab', Buffer.alloc(12, 1))],
  ['code', raw.code('ab')],
  ['symbol', raw.symbol('ab')],
  ['code with scope', raw.codeWithScope('ab', [['a', raw.null]])],
  ['smallest code with scope', raw.codeWithScope('', [])],
  ['int32', raw.int32(1)],
  ['timestamp', raw.timestamp(1, 2)],
  ['int64', raw.int64(1n)],
  ['decimal', raw.decimal(Buffer.alloc(16, 1))],
  ['MinKey', raw.minKey],
  ['MaxKey', raw.maxKey],
];

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

describe('the end of a value', () => {
  it.each(oneOfEach)('of a %s is behind its last byte, wherever it begins', (_, { type, bytes }) => {
    for (const before of [0, 1, 5]) {
      const alone = Buffer.concat([Buffer.alloc(before, 0x41), bytes]);
      expect(endOf(alone, type, before)).toBe(alone.length);
      const among = Buffer.concat([alone, Buffer.alloc(20)]);
      expect(endOf(among, type, before)).toBe(alone.length);
      expect(endOf(among, type, before, alone.length)).toBe(alone.length);
    }
  });

  it.each(oneOfEach)('of a %s that is cut anywhere is nowhere, whatever stands behind it', (_, { type, bytes }) => {
    for (const before of [0, 3, 60]) {
      const source = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(20)]);
      for (let length = 0; length < bytes.length; length++) {
        const limit = before + length;
        expect(endOf(source, type, before, limit)).toBe(CORRUPT);
        expect(endOf(source.subarray(0, limit), type, before)).toBe(CORRUPT);
      }
      expect(endOf(source, type, before + bytes.length + 1, before + bytes.length)).toBe(CORRUPT);
    }
  });

  it('is that of any value of any type', () => {
    fc.assert(
      fc.property(anyValue, fc.nat(9), ({ type, bytes }, before) => {
        const source = Buffer.concat([Buffer.alloc(before, 0xff), bytes, Buffer.alloc(before, 0xff)]);
        expect(endOf(source, type, before)).toBe(before + bytes.length);
      }),
      { numRuns: 200, seed: 89 },
    );
  });

  it.each<[string, number, Buffer]>([
    ['a string without a NUL', 0x02, Buffer.concat([int32(2), Buffer.from('ab')])],
    ['a string of length 0', 0x02, Buffer.concat([int32(0), Buffer.from('\0\0')])],
    ['a document without a NUL', 0x03, Buffer.concat([int32(5), Buffer.from('a')])],
    ['a document of length 4', 0x03, Buffer.concat([int32(4), Buffer.from('\0')])],
    ['a binary of length −1', 0x05, Buffer.concat([int32(-1), Buffer.from('\0\0')])],
    ['a bool of 2', 0x08, Buffer.from([2])],
    [
      'a code with scope of length 13',
      0x0f,
      Buffer.concat([int32(13), int32(1), Buffer.alloc(1), int32(4), Buffer.alloc(1)]),
    ],
    [
      'a code with scope that is longer than its parts',
      0x0f,
      Buffer.concat([int32(15), int32(1), Buffer.alloc(1), int32(5), Buffer.alloc(2)]),
    ],
    [
      'a code with scope that is shorter than its parts',
      0x0f,
      Buffer.concat([int32(14), int32(2), Buffer.alloc(2), int32(5), Buffer.alloc(1)]),
    ],
    ['a regex without a second NUL', 0x0b, Buffer.from('ab\0i')],
    ['a type of nobody', 0x14, Buffer.alloc(20)],
    ['type 0', 0x00, Buffer.alloc(20)],
  ])('of %s is nowhere', (_, type, bytes) => {
    for (const before of [0, 7]) {
      expect(endOf(Buffer.concat([Buffer.alloc(before), bytes]), type, before)).toBe(CORRUPT);
      const among = Buffer.concat([Buffer.alloc(before), bytes, Buffer.from('xxxxxxxxxxxxxxxxxx')]);
      expect(endOf(among, type, before, before + bytes.length)).toBe(CORRUPT);
    }
  });

  it('is never read outside of the bytes, whatever the length says', () => {
    for (const length of [0x7fffffff, -0x80000000, 0x7ffffffb, 256, -5]) {
      for (const type of [0x02, 0x03, 0x05, 0x0c, 0x0f]) {
        const bytes = Buffer.concat([Buffer.alloc(9), int32(length), Buffer.alloc(20)]);
        expect(endOf(bytes, type, 9)).toBe(CORRUPT);
      }
    }
  });

  it('is nowhere where there is not even room for a length', () => {
    for (const room of [0, 1, 3, 4]) {
      const view = viewOf(Buffer.alloc(room));
      for (const end of [stringEnd, documentEnd, binaryEnd, codeWithScopeEnd]) expect(end(view, 0, room)).toBe(CORRUPT);
    }
  });
});

describe('textEnd', () => {
  it('is where the NUL stands, below the limit', () => {
    const bytes = Buffer.from('ab\0c\0');
    expect(textEnd(bytes, 0, 5)).toBe(2);
    expect(textEnd(bytes, 2, 5)).toBe(2);
    expect(textEnd(bytes, 3, 5)).toBe(4);
    expect(textEnd(bytes, 3, 4)).toBe(CORRUPT);
    expect(textEnd(bytes, 0, 2)).toBe(CORRUPT);
    expect(textEnd(bytes, 5, 5)).toBe(CORRUPT);
  });
});
