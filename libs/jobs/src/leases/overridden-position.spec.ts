import type { BindingState, PartitionState, StoredPosition } from '@lockstep/contracts';
import { newPartitionState } from './new-partition-state.js';
import { leavesGap, overriddenPosition } from './overridden-position.js';

const at = (h: string): StoredPosition => ({ h, token: null, startAfter: false });
const binding = (collection: string, isSuspended = false): BindingState => ({
  collection,
  index: collection,
  collectionUuid: 'c',
  indexUuid: 'i',
  scan: null,
  suspension: isSuspended ? { operation: 'drop', since: 't' } : null,
});
const state = (position: StoredPosition | null): PartitionState => ({
  ...newPartitionState({ connectorId: 'con_a', generation: 1, partition: 0 }, 't'),
  position,
  streamJobId: 'job_s',
  bindings: { orders: binding('orders'), gone: binding('gone', true) },
});

describe('a position that an operator sets', () => {
  it.each<[string, StoredPosition | null, string, boolean]>([
    ['back', at('100.5'), '99.0', false],
    ['to where it is', at('100.5'), '100.5', false],
    ['forward by a tick', at('100.5'), '100.6', true],
    ['forward', at('100.5'), '2000.0', true],
    ['where there was none', null, '100.5', true],
    ['where what there was cannot be read', at('x'), '100.5', true],
  ])('%s', (_, before, h, isGap) => {
    expect(leavesGap(state(before), at(h))).toBe(isGap);
    const after = overriddenPosition(state(before), at(h), false);
    expect(after.position).toEqual(at(h));
    expect(Object.keys(after.bindings)).toEqual(isGap ? ['gone'] : ['orders', 'gone']);
    expect(after.streamJobId).toBe('job_s');
  });

  it('back keeps the change by which the source is known; forward reads everything again', () => {
    const before = state({ ...at('100.5'), newestChange: '90.1' });
    expect(overriddenPosition(before, at('80.0'), false).position).toEqual({ ...at('80.0'), newestChange: '90.1' });
    expect(overriddenPosition(before, at('200.0'), false).position).toEqual(at('200.0'));
    expect(overriddenPosition(before, at('80.0'), true).position).toEqual(at('80.0'));
  });

  it('back, while changes of another partition of the generation are left out: all are read again', () => {
    const after = overriddenPosition(state(at('100.5')), at('90.0'), true);
    expect(Object.keys(after.bindings)).toEqual(['gone']);
    expect(after.position).toEqual(at('90.0'));
  });
});
