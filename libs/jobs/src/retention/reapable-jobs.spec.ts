import { reapingDecision } from './reapable-jobs.js';

const NOW = Date.parse('2026-01-10T00:00:00.000Z');
const finished = (connectorId: string, daysAgo: number) => ({
  connectorId,
  finishedAt: new Date(NOW - daysAgo * 86_400_000).toISOString(),
});

describe('reaping decision', () => {
  it('keeps the newest of each connector', () => {
    const isReapable = reapingDecision({ keepPerConnector: 2, maxAgeMs: 30 * 86_400_000 }, NOW);
    const newestFirst = [finished('a', 1), finished('b', 1), finished('a', 2), finished('a', 3), finished('b', 4)];
    expect(newestFirst.map(isReapable)).toEqual([false, false, false, true, false]);
  });

  it('lets go what is too old, and does not count it', () => {
    const isReapable = reapingDecision({ keepPerConnector: 1, maxAgeMs: 2 * 86_400_000 }, NOW);
    expect([finished('a', 3), finished('a', 1), finished('a', 1)].map(isReapable)).toEqual([true, false, true]);
  });

  it('never takes a job that is not over', () => {
    const isReapable = reapingDecision({ keepPerConnector: 0, maxAgeMs: 0 }, NOW);
    expect(isReapable({ connectorId: 'a', finishedAt: null })).toBe(false);
  });
});
