import fc from 'fast-check';
import { Findings } from '../input/findings.js';
import { checkFilter } from './check-filter.js';

function pointers(filter: unknown): readonly string[] {
  const findings = new Findings();
  checkFilter(filter, '/filter', findings);
  try {
    findings.throwIfAny();
    return [];
  } catch (error) {
    return (error as { fields: { pointer: string }[] }).fields.map(({ pointer }) => pointer);
  }
}

describe('checkFilter', () => {
  it.each([
    {},
    { status: 'paid' },
    { 'a.b.0': null },
    { total: { $gte: 5, $lt: { $numberDecimal: '10.5' } } },
    { _id: { $oid: '0123456789abcdef01234567' } },
    { at: { $gt: { $date: '2024-01-01T00:00:00Z' } } },
    { tags: { $in: ['a', { $uuid: '00112233-4455-6677-8899-aabbccddeeff' }], $size: 2 } },
    { n: { $numberLong: '-9223372036854775808' }, d: { $date: { $numberLong: '-1' } }, i: { $numberInt: '5' } },
    {
      b: { $binary: { base64: 'AA==', subType: '00' } },
      t: { $timestamp: { t: 1, i: 2 } },
      x: { $numberDouble: '-Infinity' },
    },
    { name: { $regex: '^a', $ne: 'abc' }, day: { $gte: { $date: '2024-01-31' } }, low: { $minKey: 1 } },
    { a: { $exists: true, $type: ['string', 16], $mod: [4, 0] } },
    { $or: [{ a: 1 }, { $and: [{ b: { $not: { $gt: 1 } } }] }], $nor: [{ c: 1 }] },
    { items: { $elemMatch: { sku: 'x', qty: { $gt: 1 } } }, n: { $elemMatch: { $gt: 1, $lt: 5 } } },
    { name: { $regex: '^a', $options: 'i' }, other: { $not: { $regularExpression: { pattern: 'b', options: '' } } } },
    { address: { city: 'x', zip: { code: 1 } } },
    { $expr: { $gt: ['$a', { $add: ['$b', 1] }] } },
    { $expr: { $eq: [{ $literal: '$$NOW' }, '$$ROOT.a'] } },
    { $expr: { $cond: { if: { $isArray: '$a' }, then: true, else: false } } },
    JSON.parse('{"__proto__": 1, "constructor": {"$eq": 2}}') as object,
  ])('accepts %j', (filter) => {
    expect(pointers(filter)).toEqual([]);
  });

  it.each<[unknown, string]>([
    [null, '/filter'],
    [[], '/filter'],
    ['x', '/filter'],
    [{ $where: 'sleep(1000)' }, '/filter/$where'],
    [{ $or: [{ a: 1 }, { $where: '1' }] }, '/filter/$or/1/$where'],
    [{ $or: [] }, '/filter/$or'],
    [{ $or: { a: 1 } }, '/filter/$or'],
    [{ $or: ['a'] }, '/filter/$or/0'],
    [{ $jsonSchema: {} }, '/filter/$jsonSchema'],
    [{ $text: { $search: 'x' } }, '/filter/$text'],
    [{ $comment: 'x' }, '/filter/$comment'],
    [{ loc: { $near: [0, 0] } }, '/filter/loc/$near'],
    [{ loc: { $geoWithin: {} } }, '/filter/loc/$geoWithin'],
    [{ a: { $eq: 1, b: 2 } }, '/filter/a/b'],
    [{ a: { b: { $gt: 1 } } }, '/filter/a/b/$gt'],
    [{ a: { $eq: { b: { $where: 'x' } } } }, '/filter/a/$eq/b/$where'],
    [{ a: { $in: 'x' } }, '/filter/a/$in'],
    [{ a: { $in: [{ $function: {} }] } }, '/filter/a/$in/0/$function'],
    [{ a: { $not: { $where: 'x' } } }, '/filter/a/$not/$where'],
    [{ a: { $not: 5 } }, '/filter/a/$not'],
    [{ a: { $elemMatch: { $where: 'x' } } }, '/filter/a/$elemMatch/$where'],
    [{ a: { $exists: 1 } }, '/filter/a/$exists'],
    [{ a: { $size: '1' } }, '/filter/a/$size'],
    [{ a: { $mod: [0, 1] } }, '/filter/a/$mod'],
    [{ a: { $regex: 'x'.repeat(1_001) } }, '/filter/a/$regex'],
    [{ a: { $regex: 'x', $options: 'g' } }, '/filter/a/$options'],
    [{ a: { $options: 'i' } }, '/filter/a'],
    [{ a: { $code: 'x' } }, '/filter/a/$code'],
    [{ a: { $oid: 'x', $where: 'y' } }, '/filter/a'],
    [{ a: { constructor: 1, $eq: 1 } }, '/filter/a/constructor'],
    [{ $expr: { $function: { body: 'x', args: [], lang: 'js' } } }, '/filter/$expr/$function'],
    [{ $expr: { $and: [{ $gt: [{ $accumulator: {} }, 1] }] } }, '/filter/$expr/$and/0/$gt/0/$accumulator'],
    [{ $expr: { $lt: ['$a', '$$NOW'] } }, '/filter/$expr/$lt/1'],
    [{ $expr: { $lt: ['$a', { $rand: {} }] } }, '/filter/$expr/$lt/1/$rand'],
    [{ $and: [{ $expr: { $regexMatch: {} } }] }, '/filter/$and/0/$expr/$regexMatch'],
    [{ '': 1 }, '/filter/'],
    [{ tenant: 1_234_567_890_123_456_789 }, '/filter/tenant'],
    [{ tenant: { $in: [1, 2 ** 60] } }, '/filter/tenant/$in/1'],
    [{ a: { $numberLong: '9223372036854775808' } }, '/filter/a/$numberLong'],
    [{ a: { $numberLong: 5 } }, '/filter/a/$numberLong'],
    [{ a: { $numberInt: 'abc' } }, '/filter/a/$numberInt'],
    [{ a: { $numberInt: '2147483648' } }, '/filter/a/$numberInt'],
    [{ a: { $numberDouble: 'abc' } }, '/filter/a/$numberDouble'],
    [{ a: { $numberDecimal: 'x' } }, '/filter/a/$numberDecimal'],
    [{ at: { $gte: { $date: '31.01.2024' } } }, '/filter/at/$gte/$date'],
    [{ at: { $gte: { $date: '2024-02-31T25:00:00Z' } } }, '/filter/at/$gte/$date'],
    [{ a: { $oid: 'nonsense' } }, '/filter/a/$oid'],
    [{ a: { $uuid: 'x' } }, '/filter/a/$uuid'],
    [{ a: { $binary: 'AA==' } }, '/filter/a/$binary'],
    [{ a: { $timestamp: { t: -1, i: 0 } } }, '/filter/a/$timestamp'],
    [{ $expr: { $eq: ['$a', 2 ** 60] } }, '/filter/$expr/$eq/1'],
    [{ $expr: { $eq: ['$a', { $numberLong: 'x' }] } }, '/filter/$expr/$eq/1/$numberLong'],
    [{ $expr: { $eq: ['$a', { $literal: { $date: 'x' } }] } }, '/filter/$expr/$eq/1/$literal/$date'],
  ])('refuses %j', (filter, pointer) => {
    expect(pointers(filter).some((found) => found === pointer || found.startsWith(`${pointer}/`))).toBe(true);
  });

  it('refuses depth and size, also ten thousand levels, without harm', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`) as object;
    expect(pointers(deep)).toEqual(['/filter']);
    expect(pointers({ a: 'x'.repeat(40_000) })).toEqual(['/filter']);
  });

  it('never lets a script operator through, wherever it hides', () => {
    const script = fc.constantFrom('$where', '$function', '$accumulator', '$out', '$merge', '$lookup', '$unionWith');
    const wrap = fc.constantFrom<(inner: unknown) => unknown>(
      (inner) => ({ $and: [inner] }),
      (inner) => ({ a: inner }),
      (inner) => ({ a: { $not: inner } }),
      (inner) => ({ a: { $in: [inner] } }),
      (inner) => ({ a: { $elemMatch: inner } }),
      (inner) => ({ $expr: inner }),
      (inner) => ({ $expr: { $gt: ['$a', inner] } }),
      (inner) => ({ a: { $eq: inner } }),
      (inner) => ({ $nor: [{ b: 1 }, inner] }),
    );
    fc.assert(
      fc.property(script, fc.array(wrap, { maxLength: 6 }), (operator, wraps) => {
        const filter = wraps.reduce<unknown>((inner, outer) => outer(inner), { [operator]: 'x' });
        expect(pointers(filter)).not.toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.jsonValue(), (filter) => Array.isArray(pointers(filter))));
  });
});
