import { Arrival } from './arrival.js';

const LONG_MS = 3_600_000;

/** Whether a wait has ended once everything else had its turn. */
async function hasEnded(wait: Promise<void>): Promise<boolean> {
  let isOver = false;
  void wait.then(() => (isOver = true));
  await new Promise(setImmediate);
  return isOver;
}

describe('an arrival', () => {
  const { signal: never } = new AbortController();

  it('ends the wait, however long it may be', async () => {
    const arrival = new Arrival();
    const wait = arrival.wait(LONG_MS, never);
    expect(await hasEnded(wait)).toBe(false);
    arrival.tell();
    await wait;
  });

  it('is not remembered', async () => {
    const arrival = new Arrival();
    const end = new AbortController();
    arrival.tell();
    const wait = arrival.wait(LONG_MS, end.signal);
    expect(await hasEnded(wait)).toBe(false);
    end.abort();
    await wait;
  });

  it('is not waited for beyond the time, nor after an abort', async () => {
    const arrival = new Arrival();
    await arrival.wait(1, never);
    await arrival.wait(LONG_MS, AbortSignal.abort());
  });
});
