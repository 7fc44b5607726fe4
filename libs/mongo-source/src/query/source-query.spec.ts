import { sourceQuery } from './source-query.js';

describe('sourceQuery', () => {
  it('reads Extended JSON', () => {
    const { filter } = sourceQuery({ filter: { at: { $gt: { $date: '2020-01-01T00:00:00Z' } }, n: 5 } });
    expect(filter).toEqual({ at: { $gt: new Date('2020-01-01T00:00:00Z') }, n: 5 });
    expect(sourceQuery({}).filter).toBeNull();
    expect(sourceQuery({ filter: {} }).filter).toBeNull();
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
