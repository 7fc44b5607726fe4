import { encodeDocumentId } from '@lockstep/mongo-source';
import { NOT_DECODABLE, NOT_FOLLOWED, repairKeys } from './repair-keys.js';

const LONG_TEXT = 'x'.repeat(600);
/** `[type]['_id\0'][length][text][NUL]` */
const LONG_ID = Buffer.concat([
  Buffer.from('\u0002_id\0'),
  Buffer.from([0x59, 2, 0, 0]),
  Buffer.from(`${LONG_TEXT}\0`),
]);

const letter = (namespace: string, documentId: string, originalId = documentId) => ({
  id: `dl_${documentId}`,
  namespace,
  documentId,
  originalId,
  requestedAt: '2026-01-15T09:30:00.000Z',
});

describe('keys of a repair', () => {
  it.each([
    ['an ObjectId', letter('shop.orders', '65a4f0c2b7e1d20012345678'), null],
    ['a string', letter('shop.orders', 'abc'), null],
    ['a number', letter('shop.orders', '{"$number":"7"}'), null],
    ['a collection with dots', letter('shop.orders.old', 'abc'), null],
    ['a hashed id with its text', letter('shop.orders', encodeDocumentId(LONG_ID), LONG_TEXT), null],
    ['a hashed id with the text of another', letter('shop.orders', encodeDocumentId(LONG_ID), 'x'), NOT_DECODABLE],
    ['a hashed id without its text', letter('shop.orders', `{"$sha256":"${'0'.repeat(64)}"}`), NOT_DECODABLE],
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
