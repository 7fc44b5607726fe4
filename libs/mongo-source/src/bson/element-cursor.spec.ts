import * as fc from 'fast-check';
import { BSON, Binary, BSONRegExp, Code, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'mongodb';
import { ElementCursor } from './element-cursor.js';

const everyType = {
  double: 1.5,
  string: 'é',
  object: { a: { b: 1 } },
  array: [1, 'x', null],
  binary: new Binary(Buffer.from('abc'), 2),
  objectId: new ObjectId(),
  bool: true,
  date: new Date(),
  null: null,
  regex: new BSONRegExp('a', 'i'),
  code: new Code('x'),
  codeWithScope: new Code('x', { y: 1 }),
  int: 1,
  timestamp: new Timestamp({ t: 1, i: 2 }),
  long: Long.fromNumber(-1),
  decimal: Decimal128.fromString('1'),
  minKey: new MinKey(),
  maxKey: new MaxKey(),
};

describe('ElementCursor', () => {
  it('steps over a value of every type, at any offset', () => {
    const source = Buffer.concat([
      Buffer.alloc(7, 0xff),
      Buffer.from(BSON.serialize(everyType)),
      Buffer.alloc(3, 0xff),
    ]);
    const elements = new ElementCursor(source, 7);
    const names: string[] = [];
    while (elements.next()) names.push(elements.name);
    expect(names).toEqual(Object.keys(everyType));
  });

  it('reads strings and 64-bit values', () => {
    const source = Buffer.from(BSON.serialize({ s: 'é', t: new Timestamp({ t: 1, i: 2 }), n: 1 }));
    const elements = new ElementCursor(source, 0);
    elements.next();
    expect([elements.string(), elements.uint64()]).toEqual(['é', null]);
    elements.next();
    expect([elements.string(), elements.uint64()]).toEqual([null, (1n << 32n) | 2n]);
  });

  it('ends with a coded error on any bytes, and never reads outside', () => {
    const document = Buffer.from(BSON.serialize(everyType));
    fc.assert(
      fc.property(fc.nat(document.length - 1), fc.nat(255), fc.nat(document.length), (at, byte, length) => {
        const bytes = Buffer.from(document.subarray(0, length));
        if (at < bytes.length) bytes[at] = byte;
        try {
          const elements = new ElementCursor(bytes, 0);
          while (elements.next()) expect(elements.end).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toMatchObject({ code: 'SOURCE_READ_FAILED' });
        }
      }),
      { numRuns: 2_000, seed: 19 },
    );
  });
});
