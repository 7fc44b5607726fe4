import { clusterTime, LockstepError, type ErrorCode } from '@lockstep/core';
import type { OplogReading } from '@lockstep/contracts';
import { lookAgainMs, OplogWatch, type HistorySource } from './oplog-watch.js';

const LOOK_MS = 10_000;
const READING: OplogReading = {
  kind: 'known',
  oldest: clusterTime(1_000, 0),
  newest: clusterTime(1_100, 0),
  fullness: 1,
};

/** A source that tells what is done with it. */
class Source implements HistorySource {
  looks = 0;
  isClosed = false;
  /** What its looks fail with. */
  trouble: ErrorCode | null = null;
  /** Looks last until they are stopped. */
  isHanging = false;

  async readOplog(signal: AbortSignal): Promise<OplogReading> {
    this.looks += 1;
    if (this.isHanging) {
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new LockstepError('JOB_ABORTED'))),
      );
    }
    if (this.trouble !== null) throw new LockstepError(this.trouble);
    return READING;
  }

  majorityTime = () => Promise.resolve(clusterTime(1_100, 0));

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function setUp() {
  const world = { nowMs: 0 };
  const opened: Source[] = [];
  const next = { trouble: null as ErrorCode | null };
  const watch = new OplogWatch({
    open: async () => {
      const source = new Source();
      source.trouble = next.trouble;
      opened.push(source);
      return source;
    },
    clock: { nowMs: () => world.nowMs, monotonicMs: () => world.nowMs },
    lookMs: LOOK_MS,
  });
  const lookAt = async (seconds: number): Promise<void> => {
    world.nowMs = seconds * 1_000;
    watch.lookIfDue();
    await new Promise(setImmediate);
  };
  return { watch, opened, next, lookAt };
}

describe('the watch over the oplog', () => {
  it.each<[ErrorCode, number]>([
    ['SOURCE_UNREACHABLE', LOOK_MS],
    ['SOURCE_READ_FAILED', LOOK_MS],
    ['SOURCE_AUTH_FAILED', 120_000],
    ['SOURCE_URI_INVALID', 120_000],
    ['SECRET_DECRYPT_FAILED', 120_000],
    ['INTERNAL_ERROR', 120_000],
  ])('looks again after %s in %d ms', (code, delayMs) => {
    expect(lookAgainMs(new LockstepError(code), LOOK_MS)).toBe(delayMs);
  });

  it('looks by what a session lends, and opens nothing', async () => {
    const { watch, opened, lookAt } = setUp();
    const lent = new Source();
    await watch.lend(lent);
    for (const second of [1, 2, 10, 11, 12]) await lookAt(second);
    expect([lent.looks, opened, watch.sight.oplog?.atMs]).toEqual([2, [], 11_000]);
    await watch.takeBack();
    expect(lent.isClosed).toBe(false);
  });

  it('opens a source of its own between sessions, keeps it, and closes it when a session lends one', async () => {
    const { watch, opened, lookAt } = setUp();
    for (const second of [5, 10, 15, 20, 25]) await lookAt(second);
    expect(opened.map(({ looks, isClosed }) => [looks, isClosed])).toEqual([[2, false]]);
    const lent = new Source();
    await watch.lend(lent);
    await lookAt(30);
    expect([opened.length, opened[0]!.isClosed, lent.looks]).toEqual([1, true, 1]);
  });

  it('opens another one after a look that failed, and says why', async () => {
    const { watch, opened, next, lookAt } = setUp();
    next.trouble = 'SOURCE_UNREACHABLE';
    await lookAt(10);
    expect([watch.sight.trouble, opened[0]!.isClosed]).toEqual(['SOURCE_UNREACHABLE', true]);
    next.trouble = null;
    for (const second of [11, 19, 20]) await lookAt(second);
    expect([watch.sight.trouble, opened.length]).toEqual([null, 2]);
  });

  it('looks again by its own at once, when the session ends in the midst of a look', async () => {
    const { watch, opened, lookAt } = setUp();
    const lent = new Source();
    lent.isHanging = true;
    await watch.lend(lent);
    await lookAt(1);
    await watch.takeBack();
    expect(watch.sight.trouble).toBeNull();
    await lookAt(2);
    expect(opened.map(({ looks }) => looks)).toEqual([1]);
  });

  it('leaves refused credentials to sessions', async () => {
    const { watch, opened, lookAt } = setUp();
    await lookAt(10);
    await watch.failed(new LockstepError('SOURCE_AUTH_FAILED'));
    for (let second = 20; second <= 400; second += 10) await lookAt(second);
    expect(opened.map(({ looks, isClosed }) => [looks, isClosed])).toEqual([[1, true]]);
    expect(watch.sight.trouble).toBe('SOURCE_AUTH_FAILED');
    await watch.failed(new LockstepError('SINK_UNREACHABLE'));
    await lookAt(410);
    expect([opened.length, watch.sight.trouble]).toEqual([2, null]);
  });

  it('closes what it opened, also in the midst of a look', async () => {
    const { watch, opened, lookAt } = setUp();
    await lookAt(10);
    opened[0]!.isHanging = true;
    await lookAt(20);
    await watch.closeOwn();
    expect([opened.length, opened[0]!.isClosed]).toEqual([1, true]);
  });
});
