import { freshnessOf, reconnectDelayMs, type StreamStatus } from './freshness.js';

const status = (change: Partial<StreamStatus>): StreamStatus => ({
  phase: 'open',
  lastByteAtMs: 100_000,
  failures: 0,
  ...change,
});

describe('freshness', () => {
  it.each([
    ['just opened', status({ phase: 'connecting', lastByteAtMs: null }), 'connecting'],
    ['never reached', status({ phase: 'waiting', lastByteAtMs: null, failures: 1 }), 'broken'],
    ['bytes 10 s ago', status({}), 'live', 110_000],
    ['bytes longer ago', status({}), 'stale', 110_001],
    ['a quick reconnect', status({ phase: 'connecting' }), 'live', 101_000],
    ['a slow reconnect', status({ phase: 'connecting' }), 'stale', 120_000],
    ['a refused reconnect', status({ phase: 'waiting', failures: 2 }), 'broken', 101_000],
    ['without a token', status({ phase: 'denied' }), 'denied'],
  ] as const)('%s', (_name, given, expected, nowMs = 101_000) => {
    expect(freshnessOf(given, nowMs)).toBe(expected);
  });
});

describe('reconnect delay', () => {
  it('doubles within its bounds', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map((n) => reconnectDelayMs(n, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
    expect(reconnectDelayMs(3, 0)).toBe(2000);
  });
});
