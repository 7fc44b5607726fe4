import type { Condition, TargetWrite } from '@lockstep/contracts';
import type { Clock } from '@lockstep/core';
import { BulkSizer } from '../bulk/bulk-sizer.js';
import { conditionReason } from './sink-condition.js';
import { DEFAULT_TUNING } from './sink-tuning.js';
import { WaitBoard, type WaitCause } from './wait-board.js';
import { writeRounds } from './write-rounds.js';

it('writeRounds lets a target be written once at a time', () => {
  const of = (index: string, version: bigint): TargetWrite => ({ target: { index }, version }) as TargetWrite;
  const [a1, a2, b1, a3] = [of('a', 1n), of('a', 2n), of('b', 1n), of('a', 3n)];
  expect(writeRounds([a1, a2, b1, a3])).toEqual([[a1, b1], [a2], [a3]]);
  expect(writeRounds([])).toEqual([]);
});

it('BulkSizer halves under load, never below its floor, and recovers', () => {
  const sizer = new BulkSizer(4_000_000);
  sizer.shrink(1_000_000);
  expect(sizer.maxBytes).toBe(500_000);
  for (let i = 0; i < 20; i++) sizer.shrink(1);
  expect(sizer.maxBytes).toBe(65_536);
  for (let i = 0; i < 40; i++) sizer.grow();
  expect(sizer.maxBytes).toBe(4_000_000);
});

it('conditionReason is the code in camel case', () => {
  expect(conditionReason('SINK_READ_ONLY')).toBe('SinkReadOnly');
});

describe('WaitBoard', () => {
  const clock: Clock = { nowMs: () => 0, monotonicMs: () => 0 };
  const tuning = { ...DEFAULT_TUNING, retryBaseMs: 1, retryMaxMs: 1, holdBaseMs: 1, holdMaxMs: 1 };
  const hold: WaitCause = { kind: 'hold', code: 'SINK_READ_ONLY', retryAfterMs: null };
  const busy: WaitCause = { kind: 'retry', code: 'SINK_THROTTLED', retryAfterMs: null };
  const { signal } = new AbortController();
  let told: (string | null)[];
  let board: WaitBoard;
  beforeEach(() => {
    told = [];
    board = new WaitBoard({ clock, tuning, onCondition: (c: Condition | null) => told.push(c?.code ?? null) });
  });

  it('tells a hold at once and a passing failure when it lasts', async () => {
    const waiter = {};
    await board.wait(waiter, busy, 1, signal);
    expect(told).toEqual([]);
    await board.wait(waiter, busy, 2, signal);
    await board.wait(waiter, hold, 3, signal);
    board.going(waiter);
    expect(told).toEqual(['SINK_THROTTLED', 'SINK_READ_ONLY', null]);
  });

  it('tells one condition once, however many wait, until the last one goes on', async () => {
    const [one, two] = [{}, {}];
    await Promise.all([board.wait(one, hold, 1, signal), board.wait(two, hold, 1, signal)]);
    board.going(one);
    expect(told).toEqual(['SINK_READ_ONLY']);
    board.going(two);
    board.going(two);
    expect(told).toEqual(['SINK_READ_ONLY', null]);
  });

  it('ends the wait when it is told to', async () => {
    await expect(board.wait({}, { ...hold, retryAfterMs: 60_000 }, 1, AbortSignal.abort())).rejects.toMatchObject({
      code: 'JOB_ABORTED',
    });
  });
});
