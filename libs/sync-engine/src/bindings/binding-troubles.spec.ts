import type { BindingState, BindingSuspension, PartitionState } from '@lockstep/contracts';
import type { TurnContext } from '../partition/partition-context.js';
import { bindingTroubles } from './binding-troubles.js';

const suspended = (operation: BindingSuspension['operation'], isKept = false): BindingSuspension => ({
  operation,
  since: '2026-01-15T09:30:00.000Z',
  ...(isKept ? { isKept } : {}),
});
const troubles = (
  collections: readonly string[],
  suspension: BindingSuspension | null,
  missing: readonly string[] = [],
): string[] => {
  const orders = { collection: 'orders', index: 'orders-000001', suspension, scan: null } as unknown as BindingState;
  const context = {
    connector: { config: { source: { database: 'shop', collections } } },
    clock: { nowMs: () => 0 },
    lease: { state: { bindings: { orders } } as unknown as PartitionState },
  } as unknown as TurnContext;
  return bindingTroubles(context, { missing, unsupported: [] }).map(({ code }) => code);
};

describe('what is told of the collections of a connector', () => {
  it.each<[string, readonly string[], BindingSuspension | null, readonly string[], readonly string[]]>([
    ['nothing of one that is followed', ['orders'], null, [], []],
    ['one that was dropped', ['ord*'], suspended('drop'), [], ['SOURCE_STREAM_INVALIDATED']],
    ['nothing of one that was dropped and is not listed any more', ['films'], suspended('drop'), [], []],
    ['nothing of one that was taken off the list', ['films'], suspended('unlisted'), [], []],
    ['nothing of one that is listed again and about to be taken up', ['orders'], suspended('unlisted'), [], []],
    [
      'one that is listed again, when that was canceled',
      ['orders'],
      suspended('unlisted', true),
      [],
      ['SOURCE_STREAM_INVALIDATED'],
    ],
    [
      'one that is listed again and is not there',
      ['orders'],
      suspended('unlisted'),
      ['orders'],
      ['SOURCE_COLLECTION_MISSING'],
    ],
    ['one that was never there', ['orders', 'films'], null, ['films'], ['SOURCE_COLLECTION_MISSING']],
  ])('%s', (_what, collections, suspension, missing, codes) => {
    expect(troubles(collections, suspension, missing)).toEqual(codes);
  });
});
