import { decideChange } from './change-event-decision.js';
import type { RawChangeEvent } from './raw-change-event.js';

const followed = { database: 'shop', collections: new Set(['orders']) };
const raw = (event: Partial<RawChangeEvent>): RawChangeEvent => ({
  operationType: 'insert',
  clusterTime: 5n,
  collection: 'orders',
  idElement: Buffer.from('085f69640001', 'hex'),
  renamedTo: null,
  collectionUuid: null,
  ...event,
});

describe('decideChange', () => {
  it.each(['insert', 'update', 'replace', 'delete'] as const)('takes %s of a followed collection', (operation) => {
    expect(decideChange(raw({ operationType: operation }), followed)).toMatchObject({
      kind: 'event',
      event: { kind: 'key', operation, collection: 'orders', clusterTime: 5n },
    });
  });

  it.each<[string, Partial<RawChangeEvent>, string]>([
    ['a foreign insert', { collection: 'other' }, 'foreign'],
    ['a foreign drop', { operationType: 'drop', collection: 'other' }, 'foreign'],
    [
      'a foreign rename',
      { operationType: 'rename', collection: 'x', renamedTo: { database: 'shop', collection: 'y' } },
      'foreign',
    ],
    [
      'a rename onto our name elsewhere',
      { operationType: 'rename', collection: 'x', renamedTo: { database: 'other', collection: 'orders' } },
      'foreign',
    ],
    [
      'a rename onto our name',
      { operationType: 'rename', collection: 'x', renamedTo: { database: 'shop', collection: 'orders' } },
      'event',
    ],
    ['a rename away', { operationType: 'rename', renamedTo: { database: 'other', collection: 'x' } }, 'event'],
    ['a drop', { operationType: 'drop' }, 'event'],
    ['dropDatabase', { operationType: 'dropDatabase', collection: null }, 'event'],
    ['invalidate', { operationType: 'invalidate', collection: null }, 'event'],
    ['createIndexes', { operationType: 'createIndexes' }, 'ignored'],
    ['an operation of a later version', { operationType: 'teleport' }, 'ignored'],
    ['a fragment without a type', { operationType: '' }, 'ignored'],
    ['an insert without a key', { idElement: null }, 'ignored'],
    ['an event without a time', { clusterTime: null }, 'ignored'],
  ])('judges %s', (_name, event, kind) => {
    expect(decideChange(raw(event), followed).kind).toBe(kind);
  });
});
