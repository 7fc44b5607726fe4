import { LockstepError, type ClusterTime } from '@lockstep/core';
import type { ChangeBatch, ChangeStreamReader } from '@lockstep/contracts';
import { StallGuard, type Stall } from './stall-guard.js';

const PATIENCE_MS = 10_000;

const batch = (token: string, tokenTime: ClusterTime, operationTime = tokenTime): ChangeBatch => ({
  ...{ events: [], token, tokenTime, operationTime, isEnd: false, byteLength: 1 },
});

/** Gives its batches, one a second; then the last one again and again, or nothing at all. */
class ScriptedReader implements ChangeStreamReader {
  isClosed = false;

  constructor(
    private readonly batches: ChangeBatch[],
    private readonly end: 'repeat' | 'hang',
  ) {}

  async next(_maxWaitMs: number, signal: AbortSignal): Promise<ChangeBatch> {
    const isLast = this.batches.length <= (this.end === 'repeat' ? 1 : 0);
    const given = isLast ? this.batches[0] : this.batches.shift();
    await new Promise<void>((resolve, reject) => {
      if (given !== undefined) setTimeout(resolve, 1_000);
      signal.addEventListener('abort', () => reject(new LockstepError('JOB_ABORTED')));
    });
    return given!;
  }

  goesOnWith(given: ChangeBatch): void {
    this.batches.splice(0, this.batches.length, given);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

describe('a guarded stream', () => {
  let told: (Stall | 'recovered' | 'unconfirmed')[];
  let opened: (string | null)[];
  let asked: number;
  let newest: ClusterTime | null;
  let guard: StallGuard;

  beforeEach(() => jest.useFakeTimers());
  afterEach(async () => {
    await guard.close();
    jest.useRealTimers();
  });

  /** @param readers the first, and those that are opened after it */
  function guarded(readers: ScriptedReader[], sourceTime: () => ClusterTime): void {
    [told, opened, asked, newest] = [[], [], 0, null];
    guard = new StallGuard(readers.shift()!, {
      open: (token) => {
        opened.push(token);
        return Promise.resolve(readers.shift()!);
      },
      sourceTime: () => {
        asked += 1;
        return Promise.resolve(sourceTime());
      },
      newestTime: () => Promise.resolve(newest),
      startTime: 1n,
      patienceMs: PATIENCE_MS,
      clock: { nowMs: () => Date.now(), monotonicMs: () => Date.now() },
      onStall: (stall) => told.push(stall),
      onMajorityStall: () => told.push('unconfirmed'),
      onRecovery: () => told.push('recovered'),
    });
  }

  /** Reads for so long; the tokens that came. */
  async function read(forMs: number): Promise<string[]> {
    const tokens: string[] = [];
    const over = new AbortController();
    const reading = (async () => {
      while (!over.signal.aborted) tokens.push((await guard.next(1_000, over.signal)).token);
    })().catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(forMs);
    over.abort();
    expect(await reading).toMatchObject({ code: 'JOB_ABORTED' });
    return tokens;
  }

  it('that hangs is opened anew behind what was read, and says when it goes on', async () => {
    const first = new ScriptedReader([batch('a', 5n)], 'hang');
    guarded([first, new ScriptedReader([batch('b', 9n)], 'repeat')], () => 9n);
    expect((await read(3 * PATIENCE_MS)).slice(0, 2)).toEqual(['a', 'b']);
    expect(first.isClosed).toBe(true);
    expect(opened).toEqual(['a']);
    expect(told).toEqual([{ stillMs: expect.any(Number) as number, restarts: 1 }, 'recovered']);
  });

  it('that hangs from the beginning is opened where it began', async () => {
    guarded([new ScriptedReader([], 'hang'), new ScriptedReader([batch('a', 2n)], 'repeat')], () => 2n);
    expect(await read(2 * PATIENCE_MS)).toContain('a');
    expect(opened).toEqual([null]);
  });

  it('that gives empty answers although its source goes on is opened anew', async () => {
    guarded([new ScriptedReader([batch('a', 5n)], 'repeat'), new ScriptedReader([batch('b', 9n)], 'repeat')], () => 9n);
    expect(await read(2 * PATIENCE_MS)).toContain('b');
    expect(opened).toEqual(['a']);
  });

  it('that tells by its own answers how far its source is needs no question', async () => {
    guarded(
      [new ScriptedReader([batch('a', 5n, 9n)], 'repeat'), new ScriptedReader([batch('b', 9n)], 'hang')],
      () => 9n,
    );
    await read(PATIENCE_MS + 2_000);
    expect([opened, asked]).toEqual([['a'], 0]);
  });

  it('is left alone as long as its source is quiet', async () => {
    guarded([new ScriptedReader([batch('a', 5n)], 'repeat')], () => 5n);
    await read(10 * PATIENCE_MS);
    expect(asked).toBeGreaterThan(0);
    expect(opened).toEqual([]);
  });

  it('is left alone when its source waits for its majority, which is told once and taken back when it goes on', async () => {
    const reader = new ScriptedReader([batch('a', 5n)], 'repeat');
    guarded([reader], () => 5n);
    newest = 9n;
    await read(5 * PATIENCE_MS);
    expect([opened, told]).toEqual([[], ['unconfirmed']]);
    reader.goesOnWith(batch('b', 9n));
    await read(2_000);
    expect(told).toEqual(['unconfirmed', 'recovered']);
  });

  it('says nothing of a majority that is late for a moment', async () => {
    guarded([new ScriptedReader([batch('a', 5n)], 'repeat')], () => 5n);
    newest = 9n;
    await read(PATIENCE_MS + 2_000);
    newest = 5n;
    await read(PATIENCE_MS);
    expect(told).toEqual([]);
  });

  it('is left alone while nobody reads it', async () => {
    guarded([new ScriptedReader([batch('a', 5n)], 'hang')], () => 9n);
    await read(1_500);
    await jest.advanceTimersByTimeAsync(10 * PATIENCE_MS);
    expect([opened, asked]).toEqual([[], 0]);
  });

  it('is left alone when its source cannot be asked', async () => {
    guarded([new ScriptedReader([batch('a', 5n)], 'hang')], () => {
      throw new LockstepError('SOURCE_UNREACHABLE');
    });
    await read(10 * PATIENCE_MS);
    expect(asked).toBeGreaterThan(0);
    expect(opened).toEqual([]);
  });

  it('has more patience with every restart that does not help', async () => {
    guarded(
      Array.from({ length: 10 }, () => new ScriptedReader([], 'hang')),
      () => 9n,
    );
    await read(8 * PATIENCE_MS);
    expect(told).toEqual([
      { stillMs: 13_000, restarts: 1 },
      { stillMs: 23_000, restarts: 2 },
      { stillMs: 43_000, restarts: 3 },
    ]);
  });
});
