import * as fc from 'fast-check';
import { BSON, Timestamp } from 'mongodb';
import { documentOf, raw, type RawElement, type RawValue } from '../transcode/bson-bytes.fixture.js';
import { ElementCursor } from './element-cursor.js';

const everyType: readonly RawElement[] = [
  ['double', raw.double(1.5)],
  ['string', raw.string('é')],
  ['document', raw.document([['a', raw.document([['b', raw.int32(1)]])]])],
  ['array', raw.array([raw.int32(1), raw.string('x'), raw.null])],
  ['binary', raw.binary(2, Buffer.from('abc'))],
  ['undefined', raw.undefined],
  ['ObjectId', raw.objectId(Buffer.alloc(12, 1))],
  ['bool', raw.bool(true)],
  ['date', raw.date(-1n)],
  ['null', raw.null],
  ['regex', raw.regex('a', 'i')],
  ['DBPointer', raw.dbPointer('c', Buffer.alloc(12, 1))],
  ['code', raw.code('x')],
  ['symbol', raw.symbol('x')],
  ['codeWithScope', raw.codeWithScope('x', [['y', raw.int32(1)]])],
  ['int32', raw.int32(1)],
  ['timestamp', raw.timestamp(1, 2)],
  ['int64', raw.int64(-1n)],
  ['decimal', raw.decimal(Buffer.alloc(16, 1))],
  ['maxKey', raw.maxKey],
  ['minKey', raw.minKey],
  ['', raw.null],
];
const malformed = { code: 'SOURCE_READ_FAILED', message: 'reading a reply: it is not valid BSON' };

/** Names and values of the elements of the document at `start`. */
function elementsOf(source: Buffer, start = 0): [name: string, value: string][] {
  const found: [string, string][] = [];
  const elements = new ElementCursor(source, start);
  while (elements.next()) found.push([elements.name, source.toString('hex', elements.valueStart, elements.end)]);
  return found;
}

/** The cursor at the only element of a document. */
function cursorAt(value: RawValue): ElementCursor {
  const elements = new ElementCursor(documentOf([['a', value]]), 0);
  elements.next();
  return elements;
}

describe('ElementCursor', () => {
  it('steps over a value of every type, at any offset', () => {
    const expected = everyType.map(([name, { bytes }]) => [name, bytes.toString('hex')]);
    for (const before of [0, 7, 40]) {
      const source = Buffer.concat([Buffer.alloc(before, 0xff), documentOf(everyType), Buffer.alloc(3, 0xff)]);
      expect(elementsOf(source, before)).toEqual(expected);
    }
    expect(elementsOf(documentOf([]))).toEqual([]);
  });

  it('stays at the end', () => {
    const elements = new ElementCursor(documentOf([['a', raw.null]]), 0);
    expect([elements.next(), elements.next(), elements.next()]).toEqual([true, false, false]);
  });

  it('reads the bytes as the driver writes them', () => {
    const source = Buffer.from(BSON.serialize({ s: 'é', t: new Timestamp({ t: 1, i: 2 }) }));
    const elements = new ElementCursor(source, 0);
    elements.next();
    expect(elements.string()).toBe('é');
    elements.next();
    expect(elements.uint64()).toBe((1n << 32n) | 2n);
  });

  it.each<[string, RawValue, string | null, bigint | null]>([
    ['a string', raw.string('é'), 'é', null],
    ['an empty string', raw.string(''), '', null],
    ['a symbol', raw.symbol('x'), null, null],
    ['an int64', raw.int64(-1n), null, 0xffff_ffff_ffff_ffffn],
    ['a Timestamp', raw.timestamp(1, 2), null, (1n << 32n) | 2n],
    ['an int32', raw.int32(1), null, null],
    ['a decimal', raw.decimal(Buffer.alloc(16, 1)), null, null],
    ['a double', raw.double(1), null, null],
  ])('tells the text and the 64 bits of %s', (_name, value, text, bits) => {
    expect([cursorAt(value).string(), cursorAt(value).uint64()]).toEqual([text, bits]);
  });

  it.each<[string, Buffer]>([
    ['whose length says less than it takes', Buffer.from([4, 0, 0, 0, 0])],
    ['that does not end with a NUL', Buffer.from([5, 0, 0, 0, 1])],
    ['that is longer than all bytes', Buffer.from([46, 0, 0, 0, 0])],
    ['with a NUL where an element begins', Buffer.concat([Buffer.from([9, 0, 0, 0]), Buffer.alloc(5)])],
    ['with a name that ends with the document', Buffer.from([8, 0, 0, 0, 0x0a, 0x61, 0x61, 0])],
    ['with a type of nobody', documentOf([['a', { type: 0x14, bytes: Buffer.alloc(8) }]])],
    ['whose last value is its final NUL', Buffer.from([8, 0, 0, 0, 0x08, 0x61, 0, 0])],
  ])('fails on a document %s, whatever stands behind it', (_name, document) => {
    for (const behind of [Buffer.alloc(0), Buffer.alloc(40)]) {
      expect(() => elementsOf(Buffer.concat([document, behind]))).toThrow(expect.objectContaining(malformed));
    }
  });

  it('does not begin where there is no room for a document', () => {
    for (const bytes of ['', '05', '05000000', '060000000a']) {
      expect(() => new ElementCursor(Buffer.from(bytes, 'hex'), 0)).toThrow(expect.objectContaining(malformed));
    }
  });

  it.each(everyType)('fails on a document that ends within its %s', (name, value) => {
    const whole = documentOf([[name, value]]);
    for (let length = 5; length < whole.length; length++) {
      const source = Buffer.from(whole);
      source.writeInt32LE(length);
      expect(() => elementsOf(source.subarray(0, length))).toThrow(expect.objectContaining(malformed));
      expect(() => elementsOf(source)).toThrow(expect.objectContaining(malformed));
    }
  });

  it('ends with a coded error on any bytes, and never reads outside', () => {
    const document = documentOf(everyType);
    fc.assert(
      fc.property(fc.nat(document.length - 1), fc.nat(255), fc.nat(document.length), (at, byte, length) => {
        const bytes = Buffer.from(document.subarray(0, length));
        if (at < bytes.length) bytes[at] = byte;
        try {
          const elements = new ElementCursor(bytes, 0);
          while (elements.next()) expect(elements.end).toBeLessThan(bytes.length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SOURCE_READ_FAILED' });
        }
      }),
      { numRuns: 2_000, seed: 19 },
    );
  });
});
