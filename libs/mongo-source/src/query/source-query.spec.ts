import { BSON, BSONRegExp, Double, Int32, Long, type Document } from 'mongodb';
import { sourceQuery } from './source-query.js';

const [A, B] = [new BSONRegExp('^a', 'i'), new BSONRegExp('^a', '')];

/** As the server reads it, with the types that it has there. */
function onTheWire(filter: Document | null): Document {
  return BSON.deserialize(BSON.serialize(filter ?? {}), { promoteValues: false, bsonRegExp: true });
}

describe('sourceQuery', () => {
  it('reads Extended JSON', () => {
    const { filter } = sourceQuery({ filter: { at: { $gt: { $date: '2020-01-01T00:00:00Z' } }, n: 5 } });
    expect(onTheWire(filter)).toEqual({ at: { $gt: new Date('2020-01-01T00:00:00Z') }, n: new Int32(5) });
    expect(sourceQuery({}).filter).toBeNull();
    expect(sourceQuery({ filter: {} }).filter).toBeNull();
  });

  it.each([
    [
      'beside another operator',
      { name: { $regex: '^a', $options: 'i', $ne: 'abc' } },
      { name: { $regex: A, $ne: 'abc' } },
    ],
    ['alone', { name: { $regex: '^a', $options: 'i' } }, { name: { $regex: A } }],
    [
      'of elements',
      { tags: { $elemMatch: { $regex: '^a', $nin: ['x'] } } },
      { tags: { $elemMatch: { $regex: B, $nin: ['x'] } } },
    ],
    [
      'beside its opposite',
      { m: { $not: { $regex: '^a' }, $exists: true } },
      { m: { $not: { $regex: B }, $exists: true } },
    ],
    ['within others', { $or: [{ name: { $regex: '^a', $gt: 'a' } }] }, { $or: [{ name: { $regex: B, $gt: 'a' } }] }],
    ['as a value', { name: { $regularExpression: { pattern: '^a', options: 'i' } } }, { name: A }],
  ])('keeps every operator: a regular expression %s', (_where, input, expected) => {
    expect(onTheWire(sourceQuery({ filter: input }).filter)).toEqual(expected);
  });

  it('keeps every digit of a number', () => {
    const { filter } = sourceQuery({
      filter: { tenant: { $numberLong: '1234567890123456789' }, ratio: 1.5, big: 2 ** 40 },
    });
    const big = 1_234_567_890_123_456_789n;
    expect(onTheWire(filter)).toEqual({
      tenant: Long.fromBigInt(big),
      ratio: new Double(1.5),
      big: Long.fromNumber(2 ** 40),
    });
  });

  it('refuses what is not', () => {
    expect(() => sourceQuery({ filter: { _id: { $oid: 'nonsense' } } })).toThrow(
      expect.objectContaining({ code: 'SOURCE_QUERY_INVALID' }),
    );
  });

  it.each([
    [{ include: ['a', 'a.b', 'c.d', '_id'] }, { _id: 1, a: 1, 'c.d': 1 }],
    [{ exclude: ['a.b', 'a', '_id'] }, { a: 0 }],
    [{ exclude: ['_id'] }, null],
    [{ include: ['ab', 'a'] }, { _id: 1, ab: 1, a: 1 }],
    [undefined, null],
  ])('projects %p', (fields, projection) => {
    expect(sourceQuery(fields === undefined ? {} : { fields }).projection).toEqual(projection);
  });
});
