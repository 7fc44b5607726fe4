import {
  BSONRegExp,
  BSONSymbol,
  Binary,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
} from 'mongodb';

/** One `_id` of every kind that MongoDB stores, no two of them equal. */
export function unusualIds(): unknown[] {
  return [
    new MinKey(), new MaxKey(), null, true, false, '', 'a', 'A', '5', '{"$number":"5"}', '507f1f77bcf86cd799439011',
    new ObjectId('507f1f77bcf86cd799439011'), new ObjectId(), new Int32(5), new Int32(-1), new Int32(0),
    Long.fromString('9007199254740993'), Long.fromString('-9223372036854775808'), new Double(0.1), new Double(Number.NaN),
    new Double(Number.POSITIVE_INFINITY), new Double(Number.NEGATIVE_INFINITY), Decimal128.fromString('0.1'),
    Decimal128.fromString('1E-300'), Decimal128.fromString('123456789012345678901234567890'), new Date(0),
    new Date(-8.64e15), new Timestamp({ t: 5, i: 1 }), new BSONSymbol('symbol'), new Code('x'), new Code('x', { a: 1 }),
    new UUID('aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'), new Binary(Buffer.from('abc'), 0), new Binary(Buffer.from('abc'), 128),
    {}, { a: 1 }, { a: '1' }, new Map<string, unknown>([['b', 1], ['1', 2]]), new Map<string, unknown>([['1', 2], ['b', 1]]),
    { a: 1, b: [1, { c: null }] }, { r: new BSONRegExp('^a', 'i') }, { nested: { $ref: 'x', $id: 1 } }, 'x'.repeat(900), '\u{1F600}', 'nul\0inside',
  ]; // prettier-ignore
}
