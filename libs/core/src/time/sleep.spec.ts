import { sleep } from './sleep.js';

describe('sleep', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  async function isAsleepAfter(delayMs: number, passedMs: number): Promise<boolean> {
    let isAsleep = true;
    const ending = new AbortController();
    const sleeping = sleep(delayMs, ending.signal).then(
      () => (isAsleep = false),
      () => undefined,
    );
    await jest.advanceTimersByTimeAsync(passedMs);
    const was = isAsleep;
    ending.abort();
    await sleeping;
    return was;
  }

  it('lasts as long as it is told', async () => {
    expect(await isAsleepAfter(1_000, 999)).toBe(true);
    expect(await isAsleepAfter(1_000, 1_000)).toBe(false);
  });

  it.each([2 ** 31, 2 ** 40, Infinity])(
    'does not end at once when it is longer than a timer can be: %d ms',
    async (delayMs) => {
      expect(await isAsleepAfter(delayMs, 86_400_000)).toBe(true);
    },
  );

  it('ends when it is told to', async () => {
    await expect(sleep(10, AbortSignal.abort())).rejects.toMatchObject({ code: 'JOB_ABORTED' });
  });
});
