import { decideStall, HEAD_START_MS, type StallDecision, type StallView } from './stall-decision.js';

const STALLED: StallView = { stillMs: 30_000, aheadMs: HEAD_START_MS, restarts: 0, patienceMs: 30_000 };

describe('a stream whose token stands still', () => {
  it.each<[string, Partial<StallView>, StallDecision]>([
    ['is opened anew when its source has gone on', {}, 'restart'],
    ['has its patience first', { stillMs: 29_999 }, 'wait'],
    ['is asked about when nothing says that the source has gone on', { aheadMs: null }, 'ask'],
    ['is not asked about before its patience is over', { aheadMs: null, stillMs: 29_999 }, 'wait'],
    ['has a head start when the source has gone on just now', { aheadMs: HEAD_START_MS - 1 }, 'wait'],
    ['has twice the patience after a restart', { restarts: 1, stillMs: 59_999 }, 'wait'],
    ['is opened anew again after that', { restarts: 1, stillMs: 60_000 }, 'restart'],
    ['has four times the patience after two', { restarts: 2, stillMs: 119_999 }, 'wait'],
    ['is never given up', { restarts: 1_000, stillMs: 30_000 * 2 ** 8 }, 'restart'],
  ])('%s', (_name, view, decision) => {
    expect(decideStall({ ...STALLED, ...view })).toBe(decision);
  });
});
