import { Long } from 'mongodb';
import { idsOf, scanAll, sourceFixture } from './source-fixture.js';

const DOCUMENTS = [
  { _id: 'abc', name: 'abc', tags: ['a1', 'b1'], tenant: Long.fromString('1234567890123456789'), at: new Date(0) },
  { _id: 'abd', name: 'abd', tags: ['b2'], tenant: Long.fromString('1234567890123456788'), at: new Date(1e12) },
  { _id: 'Abe', name: 'Abe', tags: ['a2', 'x'], tenant: Long.fromString('1234567890123456790'), at: new Date(2e12) },
];

describe('a filter, as the server understands it', () => {
  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['a regular expression beside another condition', { name: { $regex: '^a', $ne: 'abc' } }, ['abd']],
    ['one with options', { name: { $regex: '^a', $options: 'i', $ne: 'abc' } }, ['Abe', 'abd']],
    ['one alone', { name: { $regex: '^A' } }, ['Abe']],
    ['the opposite of one', { name: { $not: { $regex: '^a' } } }, ['Abe']],
    ['one beside its opposite', { name: { $not: { $regex: 'c$' }, $regex: 'b' } }, ['Abe', 'abd']],
    ['one of elements', { tags: { $elemMatch: { $regex: '^a', $nin: ['a1'] } } }, ['Abe']],
    ['one as a value', { name: { $regularExpression: { pattern: '^AB', options: 'i' } } }, ['Abe', 'abc', 'abd']],
    ['a number with more digits than a double', { tenant: { $numberLong: '1234567890123456789' } }, ['abc']],
    ['several of them', { tenant: { $gt: { $numberLong: '1234567890123456788' } } }, ['Abe', 'abc']],
    ['one in an expression', { $expr: { $eq: ['$tenant', { $numberLong: '1234567890123456788' }] } }, ['abd']],
    ['a time', { at: { $gte: { $date: '2001-09-09T01:46:40Z' } } }, ['Abe', 'abd']],
  ])('takes %s', async (_what, filter, expected) => {
    await using fixture = await sourceFixture({ filter });
    await fixture.db.collection<{ _id: string }>('some').insertMany(DOCUMENTS.map((document) => ({ ...document })));
    expect(idsOf(await scanAll(fixture.source, 'some'))).toEqual(expected);
  });
});
