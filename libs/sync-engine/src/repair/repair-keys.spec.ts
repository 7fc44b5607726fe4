import { NOT_DECODABLE, NOT_FOLLOWED, repairKeys } from './repair-keys.js';

const letter = (namespace: string, documentId: string) => ({
  id: `dl_${documentId}`,
  namespace,
  documentId,
  originalId: documentId,
  requestedAt: '2026-01-15T09:30:00.000Z',
});

describe('keys of a repair', () => {
  it.each([
    ['an ObjectId', letter('shop.orders', '65a4f0c2b7e1d20012345678'), null],
    ['a string', letter('shop.orders', 'abc'), null],
    ['a number', letter('shop.orders', '{"$number":"7"}'), null],
    ['a collection with dots', letter('shop.orders.old', 'abc'), null],
    ['a hashed id', letter('shop.orders', `{"$sha256":"${'0'.repeat(64)}"}`), NOT_DECODABLE],
    ['an unreadable id', letter('shop.orders', `{"$unreadable":"${'0'.repeat(64)}"}`), NOT_DECODABLE],
    ['a collection that is gone', letter('shop.gone', 'abc'), NOT_FOLLOWED],
    ['another database', letter('shopper.orders', 'abc'), NOT_FOLLOWED],
  ])('%s', (_name, wish, note) => {
    const { keys, untried } = repairKeys([wish], 'shop', (name) => name === 'orders' || name === 'orders.old');
    expect(untried).toEqual(note === null ? [] : [{ note, letters: [wish] }]);
    expect(keys.map(({ collection, key }) => `shop.${collection} ${key.id}`)).toEqual(
      note === null ? [`${wish.namespace} ${wish.documentId}`] : [],
    );
  });
});
