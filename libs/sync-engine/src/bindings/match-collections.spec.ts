import type { CollectionInfo } from '@lockstep/contracts';
import { collectionMatcher, matchCollections } from './match-collections.js';

describe('collection patterns', () => {
  it.each([
    ['orders', 'orders', true],
    ['orders', 'orders2', false],
    ['cust*', 'customers', true],
    ['cust*', 'cust', true],
    ['cust*', 'accust', false],
    ['*', 'anything', true],
    ['*', 'system.views', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'ac', false],
    ['a*a', 'a', false],
    ['a*bb*b', 'abb', false],
    ['or.ers', 'orders', false],
    ['(x)*', '(x)y', true],
  ])('%s on %s is %s', (pattern, name, expected) => {
    expect(collectionMatcher(pattern)(name)).toBe(expected);
  });

  it('tells followed, missing and unsupported apart', () => {
    const existing: CollectionInfo[] = [
      { name: 'orders', type: 'collection', uuid: 'b' },
      { name: 'recent', type: 'view', uuid: null },
      { name: 'orders_old', type: 'collection', uuid: 'a' },
      { name: 'orders_view', type: 'view', uuid: null },
    ];
    const match = matchCollections(['orders*', 'recent', 'gone'], existing);
    expect(match.followed.map(({ name }) => name)).toEqual(['orders', 'orders_old']);
    expect(match.missing).toEqual(['gone']);
    expect(match.unsupported).toEqual(['recent']);
  });
});
