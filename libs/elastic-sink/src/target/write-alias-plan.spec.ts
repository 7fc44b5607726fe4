import { targetNames } from './target-names.js';
import { planWriteAlias } from './write-alias-plan.js';

const plan = (fence: number, aliases: readonly string[]): ReturnType<typeof planWriteAlias> =>
  planWriteAlias(targetNames('orders', 'alias', 1, { partition: 0, fence }), fence, aliases);
const added = (alias: string): object => ({
  add: { index: 'orders-000001', alias, is_write_index: true, is_hidden: true },
});
const removed = (alias: string): object => ({ remove: { index: 'orders-000001', alias, must_exist: true } });

describe('the write alias', () => {
  it.each([
    ['is there', 0, ['orders', 'orders-000001-WRITE'], true, []],
    ['is there for this holder', 7, ['orders-000001-WRITE-7'], true, []],
    ['is lost', 0, ['orders'], false, [added('orders-000001-WRITE')]],
    [
      'goes from the first holder to the one that took over',
      3,
      ['orders-000001-WRITE'],
      true,
      [removed('orders-000001-WRITE'), added('orders-000001-WRITE-3')],
    ],
    [
      'goes on to the next one',
      12,
      ['orders-000001-WRITE-3', 'orders'],
      true,
      [removed('orders-000001-WRITE-3'), added('orders-000001-WRITE-12')],
    ],
    [
      'is not confused with aliases of others',
      2,
      ['orders-000001-WRITE-x', 'orders-000001-WRITE-02', 'orders-0000011-WRITE-9', 'orders-000002-WRITE-9'],
      false,
      [added('orders-000001-WRITE-2')],
    ],
  ])('%s', (_, fence, aliases, isKnown, actions) => {
    expect(plan(fence, aliases)).toEqual({ isKnown, actions });
  });

  it.each([0, 4])('is never taken from a later holder (%i)', (fence) => {
    expect(() => plan(fence, ['orders-000001-WRITE-5'])).toThrow(expect.objectContaining({ code: 'JOB_LEASE_LOST' }));
  });
});
