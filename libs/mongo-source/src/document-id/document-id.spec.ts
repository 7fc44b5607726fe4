import { Decimal128 } from 'mongodb';
import * as fc from 'fast-check';
import { isHashedId } from '@lockstep/contracts';
import { hostileIds, hostileTexts, onePerValue, thereAndBack } from '../fuzz/document-id-targets.fixture.js';
import { anyValue, documentOf, raw, type RawValue } from '../transcode/bson-bytes.fixture.js';
import { decodeDocumentId } from './decode-document-id.js';
import { encodeDocumentId, encodeIdAt, typedIdText } from './encode-document-id.js';
import { originalIdOf } from './original-id.js';
import { readIdElement } from './read-id-element.js';

const elementOf = ({ type, bytes }: RawValue) => Buffer.concat([Buffer.from([type]), Buffer.from('_id\0'), bytes]);
const idOf = (value: RawValue) => encodeDocumentId(elementOf(value));
const decimal = (text: string) => raw.decimal(Decimal128.fromString(text).bytes);
const oid = Buffer.from('0123456789abcdef01234567', 'hex');
const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

describe('encodeDocumentId', () => {
  it.each<[string, RawValue, string]>([
    ['an ObjectId', raw.objectId(oid), '0123456789abcdef01234567'],
    ['a string', raw.string('order-1 ü'), 'order-1 ü'],
    ['a Symbol', raw.symbol('order-1'), 'order-1'],
    ['the empty string', raw.string(''), '""'],
    ['a string like an ObjectId', raw.string('0123456789abcdef01234567'), '"0123456789abcdef01234567"'],
    ['a string like one, but upper case', raw.string('0123456789ABCDEF01234567'), '0123456789ABCDEF01234567'],
    ['a string that begins like an ObjectId', raw.string('0123456789abcdef012345678'), '0123456789abcdef012345678'],
    ['a string that ends like one', raw.string('order-0123456789abcdef01234567'), 'order-0123456789abcdef01234567'],
    ['a string like typed text', raw.string('{"$number":"5"}'), '"{\\"$number\\":\\"5\\"}"'],
    ['a string like a quoted one', raw.string('"'), '"\\""'],
    ['a string that is not UTF-8', raw.string(Buffer.from([0xff])), '{"$string":"/w=="}'],
    ['int32 5', raw.int32(5), '{"$number":"5"}'],
    ['int64 5', raw.int64(5n), '{"$number":"5"}'],
    ['double 5', raw.double(5), '{"$number":"5"}'],
    ['Decimal128 5.00', decimal('5.00'), '{"$number":"5"}'],
    ['Decimal128 5E+3', decimal('5E+3'), '{"$number":"5000"}'],
    ['Decimal128 0.1', decimal('0.1'), '{"$number":"0.1"}'],
    ['double 0.1', raw.double(0.1), '{"$number":"0.1000000000000000055511151231257827021181583404541015625"}'],
    ['double 2^70', raw.double(2 ** 70), '{"$number":"1180591620717411303424"}'],
    ['double −0', raw.double(-0), '{"$number":"0"}'],
    ['Decimal128 −0E+5', decimal('-0E+5'), '{"$number":"0"}'],
    ['NaN', raw.double(NaN), '{"$number":"NaN"}'],
    ['Decimal128 NaN', decimal('NaN'), '{"$number":"NaN"}'],
    ['Infinity', raw.double(Infinity), '{"$number":"Infinity"}'],
    ['Decimal128 Infinity', decimal('Infinity'), '{"$number":"Infinity"}'],
    ['−Infinity', raw.double(-Infinity), '{"$number":"-Infinity"}'],
    ['Decimal128 −Infinity', decimal('-Infinity'), '{"$number":"-Infinity"}'],
    ['a huge int64', raw.int64(-(2n ** 63n)), '{"$number":"-9223372036854775808"}'],
    ['a date', raw.date(0n), '{"$date":"1970-01-01T00:00:00.000Z"}'],
    ['a date without ISO text', raw.date(2n ** 63n - 1n), '{"$date":"9223372036854775807"}'],
    ['a UUID', raw.binary(4, uuid), '{"$uuid":"00112233-4455-6677-8899-aabbccddeeff"}'],
    ['a legacy UUID', raw.binary(3, uuid), '{"$binary":{"base64":"ABEiM0RVZneImaq7zN3u/w==","subType":"03"}}'],
    ['true', raw.bool(true), '{"$bool":true}'],
    ['null', raw.null, '{"$null":true}'],
    ['a timestamp', raw.timestamp(1, 2), '{"$timestamp":{"t":1,"i":2}}'],
    ['MinKey', raw.minKey, '{"$minKey":1}'],
    [
      'a document',
      raw.document([
        ['b', raw.int32(1)],
        ['a', raw.objectId(oid)],
      ]),
      '{"b":{"$number":"1"},"a":{"$oid":"0123456789abcdef01234567"}}',
    ],
    ['a document like typed text', raw.document([['$oid', raw.string('x')]]), '{"$document":[["$oid","x"]]}'],
    [
      'a document with an integer-like name',
      raw.document([
        ['a', raw.null],
        ['1', raw.null],
      ]),
      '{"$document":[["a",{"$null":true}],["1",{"$null":true}]]}',
    ],
    [
      'a document with names that are no integers',
      raw.document([
        ['a1', raw.null],
        ['1a', raw.null],
        ['', raw.null],
      ]),
      '{"a1":{"$null":true},"1a":{"$null":true},"":{"$null":true}}',
    ],
    ['an array', raw.array([raw.string('x'), raw.array([])]), '{"$array":["x",[]]}'],
    [
      'arrays inside',
      raw.document([['a', raw.array([raw.double(1), raw.string('x')])]]),
      '{"a":[{"$number":"1"},"x"]}',
    ],
  ])('writes %s, and reads it back', (_, value, id) => {
    expect(idOf(value)).toBe(id);
    expect(encodeDocumentId(decodeDocumentId(id)!)).toBe(id);
  });

  it('hashes what is longer than 512 bytes of UTF-8', () => {
    expect(idOf(raw.string('x'.repeat(512)))).toHaveLength(512);
    expect(idOf(raw.string('x'.repeat(513)))).toMatch(/^\{"\$sha256":"[0-9a-f]{64}"\}$/u);
    expect(idOf(raw.string('ü'.repeat(257)))).toMatch(/^\{"\$sha256":/u);
    expect(idOf(raw.string('語'.repeat(170)))).toBe('語'.repeat(170));
    expect(idOf(raw.string('語'.repeat(171)))).toMatch(/^\{"\$sha256":/u);
    expect(idOf(decimal('1E+6144'))).toMatch(/^\{"\$sha256":/u);
    expect(idOf(decimal('1E-6176'))).toMatch(/^\{"\$sha256":/u);
    expect(idOf(raw.double(Number.MIN_VALUE))).toMatch(/^\{"\$sha256":/u);
    expect(idOf(raw.double(1e300))).toMatch(/^\{"\$number":"1000/u);
  });

  it('takes no longer for thousands of zeros behind the point than for as many before it', () => {
    const shortestMs = (value: RawValue) => {
      const times = Array.from({ length: 50 }, () => {
        const startedMs = performance.now();
        idOf(value);
        return performance.now() - startedMs;
      });
      return Math.min(...times);
    };
    expect(shortestMs(decimal('1E-6000'))).toBeLessThan(100 * shortestMs(decimal('1E+6000')));
  });

  it('does not overflow the stack on a deep document', () => {
    let bytes = documentOf([]);
    for (let i = 0; i < 3_000; i++) bytes = documentOf([['a', { type: 3, bytes }]]);
    expect(idOf({ type: 3, bytes })).toMatch(/^\{"\$sha256":/u);
  });

  it('gives two ids to two values, and one to equal ones', () => {
    fc.assert(onePerValue.property(), { numRuns: 400, seed: 3 });
  });

  it('gives equal numbers of any type one id', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -9, max: 9 })), (n) => {
        const ids = [raw.double(n), raw.int64(BigInt(n)), decimal(String(n)), decimal(`${n}.000`)].map(idOf);
        if (Math.abs(n) < 2 ** 31) ids.push(idOf(raw.int32(n)));
        expect(new Set(ids).size).toBe(1);
        const inside = [raw.double(n), raw.int64(BigInt(n))].map((v) => idOf(raw.document([['a', raw.array([v])]])));
        expect(new Set(inside).size).toBe(1);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('gives bytes that are not BSON an id that no _id has', () => {
    expect(encodeDocumentId(Buffer.from([2, 95, 105, 100, 0, 9]))).toMatch(/^\{"\$unreadable":"[0-9a-f]{64}"\}$/u);
    expect(encodeDocumentId(Buffer.alloc(0))).toMatch(/^\{"\$unreadable":/u);
    expect(idOf(raw.string('{"$unreadable":"x"}'))).toMatch(/^"/u);
  });

  it.each<[string, RawValue]>([
    ['a document', { type: 3, bytes: Buffer.from([8, 0, 0, 0, 0x0a, 97, 98, 0]) }],
    ['an array', { type: 4, bytes: Buffer.from([8, 0, 0, 0, 0x0a, 97, 98, 0]) }],
  ])('takes %s with a name that has no end for no BSON', (_, value) => {
    expect(idOf(value)).toMatch(/^\{"\$unreadable":/u);
  });

  it.each([
    ['a document', 3],
    ['an array', 4],
  ])('does not go back to what stands in front of %s with such a name', (_, type) => {
    const element = elementOf({ type, bytes: Buffer.from([8, 0, 0, 0, 0x0a, 97, 98, 0]) });
    const around = Buffer.concat([Buffer.from([2, 0, 9, 0, 0, 0]), element]);
    const view = new DataView(around.buffer, around.byteOffset, around.byteLength);
    expect(encodeIdAt(around, view, 6, around.length)).toBeNull();
  });

  it('takes a value that is cut anywhere for no BSON', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const element = elementOf(value);
        for (let length = Math.max(0, element.length - 40); length < element.length; length++) {
          expect(encodeDocumentId(element.subarray(0, length))).toMatch(/^\{"\$unreadable":/u);
        }
      }),
      { numRuns: 100, seed: 23 },
    );
  });

  it('gives changed bytes an id of their own, and reads nothing outside of them', () => {
    fc.assert(hostileIds.property(), { numRuns: 300, seed: 17 });
  });
});

describe('decodeDocumentId', () => {
  it('gives back an element with the same id, for every id that is not hashed', () => {
    fc.assert(thereAndBack.property(), { numRuns: 400, seed: 9 });
  });

  it('gives back an element for every id, hashed or not, with the text of the _id beside it', () => {
    const long = fc.oneof(
      fc.string({ minLength: 513, maxLength: 600 }).map((text) => raw.string(text)),
      fc.uint8Array({ minLength: 400, maxLength: 500 }).map((bytes) => raw.binary(0, Buffer.from(bytes))),
      fc.constantFrom('1E+6144', '-9.999E+6144', '1E-6176', '1234567890.123456789E-600').map(decimal),
      fc.double({ max: 1e-200, min: 5e-324, noNaN: true }).map((n) => raw.double(n)),
      fc.array(anyValue, { minLength: 20, maxLength: 40 }).map((values) => raw.document([['a', raw.array(values)]])),
    );
    fc.assert(
      fc.property(fc.oneof(anyValue, long), (value) => {
        const element = elementOf(value);
        const id = encodeDocumentId(element);
        const text = typedIdText(element)!;
        expect(isHashedId(id)).toBe(Buffer.byteLength(text) > 512);
        expect(encodeDocumentId(decodeDocumentId(id, text)!)).toBe(id);
        expect(decodeDocumentId(id, 'the text of another _id')).toBeNull();
      }),
      { numRuns: 400, seed: 10 },
    );
  });

  it('takes any text for no id, or for exactly the id of what it leads to', () => {
    fc.assert(hostileTexts.property(), { numRuns: 400, seed: 13 });
  });

  it.each([
    ['5', 0x10],
    ['2147483647', 0x10],
    ['2147483648', 0x12],
    ['-2147483648', 0x10],
    ['-2147483649', 0x12],
    ['9223372036854775807', 0x12],
    ['9223372036854775808', 0x01],
    ['9223372036854775809', 0x13],
    ['-9223372036854775808', 0x12],
    ['-9223372036854775809', 0x13],
    ['0.5', 0x01],
    ['0.1', 0x13],
    ['NaN', 0x01],
  ])('reads the number %s back as type %d', (text, type) => {
    expect(decodeDocumentId(`{"$number":"${text}"}`)?.[0]).toBe(type);
  });

  it.each([
    '{"$sha256":"0000000000000000000000000000000000000000000000000000000000000000"}',
    '{"$unreadable":"00"}',
    '{"$number":"5.0"}',
    '{"$number":"05"}',
    '{"$number": "5"}',
    '{"$uuid":"x"}',
    '{"$else":1}',
    '{broken',
    '"unquoted need"',
    '""""',
  ])('knows no _id for %s', (id) => {
    expect(decodeDocumentId(id)).toBeNull();
  });
});

describe('readIdElement', () => {
  it('copies the element from a larger buffer, wherever it stands in the document', () => {
    const first = documentOf([
      ['_id', raw.objectId(oid)],
      ['a', raw.int32(1)],
    ]);
    const later = documentOf([
      ['a', raw.document([['_id', raw.int32(7)]])],
      ['_id', raw.string('x')],
    ]);
    const whole = Buffer.concat([first, later]);
    const a = readIdElement(whole, 0);
    expect(a).toEqual(elementOf(raw.objectId(oid)));
    expect(readIdElement(whole, first.length)).toEqual(elementOf(raw.string('x')));
    whole.fill(0);
    expect(a).toEqual(elementOf(raw.objectId(oid)));
  });

  it('is the _id alone, whatever the names beside it are', () => {
    const names = ['', '_', 'id', '_i', '_iD', '_ix', '_xd', 'xid', '_idx', 'x_id', 'a._id'];
    const before = names.map((name): [string, RawValue] => [name, raw.int32(1)]);
    const document = documentOf([...before, ['_id', raw.null], ['_id', raw.int32(2)]]);
    expect(readIdElement(document, 0)).toEqual(elementOf(raw.null));
    expect(readIdElement(documentOf(before), 0)).toBeNull();
  });

  it('is null where something before it, or itself, is corrupt', () => {
    const unknown: RawValue = { type: 0x14, bytes: Buffer.alloc(0) };
    expect(readIdElement(documentOf([['_id', unknown]]), 0)).toBeNull();
    expect(
      readIdElement(
        documentOf([
          ['a', unknown],
          ['_id', raw.null],
        ]),
        0,
      ),
    ).toBeNull();
    const tooLong = documentOf([['_id', { type: 0x02, bytes: Buffer.from([2, 0, 0, 0, 65]) }]]);
    expect(readIdElement(tooLong, 0)).toBeNull();
    const unnamed = Buffer.from([8, 0, 0, 0, 0x0a, 97, 98, 0]);
    expect(readIdElement(Buffer.concat([unnamed, Buffer.from('_id\0')]), 0)).toBeNull();
  });

  it('is null where there is none to be read', () => {
    expect(readIdElement(documentOf([['a', raw.null]]), 0)).toBeNull();
    expect(readIdElement(Buffer.from([1, 2]), 0)).toBeNull();
    expect(readIdElement(Buffer.alloc(0), 5)).toBeNull();
    const cut = documentOf([['_id', raw.string('abc')]]).subarray(0, 12);
    expect(readIdElement(cut, 0)).toBeNull();
  });
});

describe('originalIdOf', () => {
  it('keeps the element and gives its whole text', () => {
    const element = elementOf(decimal('1E+6144'));
    expect(originalIdOf(element)?.element).toBe(element);
    expect(originalIdOf(element)?.typedText()).toBe(`{"$number":"1${'0'.repeat(6_144)}"}`);
  });

  it('keeps nothing of an _id above 64 KiB', () => {
    const bytesAround = Buffer.from('\u0002_id\0').length + 5;
    expect(originalIdOf(elementOf(raw.string('x'.repeat(65_536 - bytesAround))))).not.toBeNull();
    expect(originalIdOf(elementOf(raw.string('x'.repeat(65_537 - bytesAround))))).toBeNull();
  });
});
