import type { CollectionInfo } from '@lockstep/contracts';
import { matchCollections } from './match-collections.js';

describe('collections of a connector', () => {
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
