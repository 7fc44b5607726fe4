import type { ObservedState, PartitionState } from '@lockstep/contracts';
import { isOver, troubleOf } from './partition-trouble.js';

const condition = (reason: string) => ({
  ...{ reason, code: 'SOURCE_IDENTITY_CHANGED', message: 'another one' },
  ...{ since: '2026-01-15T09:30:00.000Z', remedy: 'Check it.' },
});
const saying = (observedState: ObservedState, reason?: string): PartitionState =>
  ({
    ...{ partition: 2, observedState },
    conditions: [condition('OplogShort'), ...(reason === undefined ? [] : [condition(reason)])],
  }) as unknown as PartitionState;

describe('the trouble of a partition', () => {
  it.each<['taken up' | 'left to it', string, PartitionState, boolean]>([
    ['taken up', 'a resync is needed', saying('resync_required', 'ResyncRequired'), false],
    ['taken up', 'a generation on its way cannot be filled', saying('failed', 'Failed'), true],
    ['left to it', 'it has failed beside others that serve', saying('failed', 'Failed'), false],
    ['left to it', 'it waits', saying('waiting', 'Waiting'), true],
    ['left to it', 'it works', saying('attention'), true],
    ['left to it', 'it has only begun', saying('starting', 'ResyncRequired'), true],
  ])('is %s when %s', (expected, _when, state, isFilling) => {
    const trouble = troubleOf(state, isFilling);
    expect(trouble === null ? 'left to it' : 'taken up').toBe(expected);
    if (trouble === null) return;
    expect(trouble).toMatchObject({
      ...{ code: 'SOURCE_IDENTITY_CHANGED', partition: 2 },
      message: 'partition 2: another one',
    });
  });

  it.each<[ObservedState, boolean]>([
    ['resync_required', false],
    ['starting', false],
    ['waiting', false],
    ['failed', false],
    ['scanning', true],
    ['streaming', true],
    ['attention', true],
  ])('is over when it is %s: %s', (observedState, expected) => {
    expect(isOver({ observedState })).toBe(expected);
  });

  it('is over when there is no such partition any more', () => {
    expect(isOver(undefined)).toBe(true);
  });
});
