import type { BindingState, PartitionState } from '@lockstep/contracts';
import { isInitialSyncDue } from './initial-sync.js';

const binding = (isInitial: boolean | null): BindingState =>
  ({ collection: 'orders', scan: isInitial === null ? null : { isInitial } }) as BindingState;
const filled = {
  position: { h: '1700000000.1', token: null, startAfter: false },
  streamJobId: 'job_s',
  bindings: { orders: binding(null) },
} as unknown as PartitionState;

describe('the first filling of a partition', () => {
  it.each<[string, Partial<PartitionState>, boolean]>([
    ['is over when it streams', {}, false],
    ['is over while a resync scans', { bindings: { orders: binding(false) } }, false],
    ['is due without a position', { position: null }, true],
    ['is due before a stream sync was there', { streamJobId: null }, true],
    ['is due while nothing is followed', { bindings: {} }, true],
    ['is due while a first scan goes on', { bindings: { a: binding(null), b: binding(true) } }, true],
  ])('%s', (_, change, isDue) => {
    expect(isInitialSyncDue({ ...filled, ...change })).toBe(isDue);
  });
});
