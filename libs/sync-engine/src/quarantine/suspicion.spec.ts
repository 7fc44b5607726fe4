import { hasRoom, treatmentOf, waitMs, type Treatment } from './suspicion.js';

const RULES = { after: 5, trialMs: 60_000 };
const NOW = Date.parse('2026-01-15T09:30:00.000Z');
const died = (count: number, agoMs: number) => ({ count, lastAt: new Date(NOW - agoMs).toISOString() });

describe('how a partition is taken whose holders died', () => {
  it.each<[string, number, number, Treatment]>([
    ['one death says nothing', 1, 0, 'free'],
    ['two make a suspect, which waits', 2, 29_999, 'wait'],
    ['half a trial', 2, 30_000, 'shared'],
    ['and twice as long after each more', 3, 59_999, 'wait'],
    ['then alone', 3, 60_000, 'alone'],
    ['', 4, 119_999, 'wait'],
    ['', 4, 120_000, 'alone'],
    ['after the last it is left alone', 5, 1e12, 'quarantine'],
    ['', 9, 0, 'quarantine'],
    ['a clock that is behind ends the wait', 2, -1, 'shared'],
  ])('%s: %i deaths, the last %i ms ago: %s', (_, count, agoMs, expected) => {
    expect(treatmentOf(died(count, agoMs), RULES, NOW)).toBe(expected);
  });

  it.each<[number, number, Treatment]>([
    [0, 99, 'free'],
    [1, 1, 'quarantine'],
    [2, 1, 'free'],
    [2, 2, 'quarantine'],
    [3, 2, 'alone'],
    [8, 5, 'shared'],
    [8, 6, 'alone'],
  ])('quarantine after %i: %i deaths long ago: %s', (after, count, expected) => {
    expect(treatmentOf(died(count, 1e12), { ...RULES, after }, NOW)).toBe(expected);
  });

  it('is like any other without a death', () => {
    expect(treatmentOf(undefined, RULES, NOW)).toBe('free');
    expect(waitMs(died(2, 10_000), RULES, NOW)).toBe(20_000);
  });
});

describe('room on the bench', () => {
  it.each<[Treatment, readonly Treatment[], number, boolean]>([
    ['free', ['alone'], 0, true],
    ['shared', [], 0, true],
    ['shared', ['free'], 9, false],
    ['shared', ['alone'], 9, false],
    ['shared', ['shared'], 0, false],
    ['shared', ['shared'], 1, true],
    ['shared', ['shared', 'shared'], 1, false],
    ['alone', [], 0, true],
    ['alone', ['free'], 9, false],
    ['alone', ['shared'], 9, false],
    ['wait', [], 9, false],
    ['quarantine', [], 9, false],
  ])('%s beside %j after %i outlived: %s', (treatment, onTrial, outlived, expected) => {
    expect(hasRoom(treatment, { onTrial, outlived })).toBe(expected);
  });
});
