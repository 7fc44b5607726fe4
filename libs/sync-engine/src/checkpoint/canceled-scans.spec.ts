import type { BindingScan, BindingState, BindingSuspension, PartitionState } from '@lockstep/contracts';
import { beginScan, withCanceledScans, withoutScans, withResync, withSuspension } from './partition-transitions.js';

const dropped: BindingSuspension = { operation: 'recreated', since: '2026-01-15T09:30:00.000Z' };
const binding: BindingState = {
  ...{ collection: 'orders', index: 'orders-000001', collectionUuid: 'c', indexUuid: 'i' },
  scan: null,
  suspension: null,
};
const scan = (change: Partial<BindingScan> = {}): BindingScan => ({
  ...beginScan({ isInitial: false, upTo: 'z', estimatedTotal: 9, seqNoMarks: { 0: 5 } }),
  ...change,
});
const taken = (change: Partial<BindingScan>): PartitionState =>
  withResync(
    withSuspension({ bindings: { orders: binding } } as unknown as PartitionState, 'orders', dropped),
    'job_a',
    [{ ...binding, scan: scan({ endsSuspension: dropped, ...change }) }],
  );

describe('a scan that was to take up a collection that had stopped', () => {
  it.each([
    ['in the midst of it', {}, []],
    ['when its removal is held', { isScanned: true }, []],
    ['before searches go to it', { isScanned: true, isSwept: true }, ['orders']],
  ])('leaves it stopped when it is canceled %s, whatever the policy', (_when, change, elsewhere) => {
    const { bindings } = withoutScans(withCanceledScans(taken(change), new Set(elsewhere)));
    expect(bindings.orders).toMatchObject({ scan: null, suspension: { ...dropped, isKept: true } });
  });

  it.each<[string, (state: PartitionState) => PartitionState]>([
    ['its job has ended', withoutScans],
    ['the job of others is canceled', (state) => withCanceledScans(state, new Set())],
  ])('has taken it up when it is through and %s', (_what, end) => {
    const { bindings } = end(taken({ isScanned: true, isSwept: true }));
    expect(bindings.orders).toMatchObject({ scan: null, suspension: null });
  });
});
