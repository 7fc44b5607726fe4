import type { Job } from '@lockstep/contracts';
import { SessionInbox } from './session-inbox.js';

const job = (id: string, type: Job['type'] = 'bulk_sync'): Job => ({ id, type }) as Job;

describe('the inbox of a session', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** @returns whether `tell` ended a wait of a minute */
  async function wakes(inbox: SessionInbox, tell: () => void): Promise<boolean> {
    let isOver = false;
    const waiting = inbox.arrival(60_000, new AbortController().signal).then(() => (isOver = true));
    tell();
    await jest.advanceTimersByTimeAsync(10);
    const isWoken = isOver;
    await jest.advanceTimersByTimeAsync(60_000);
    await waiting;
    return isWoken;
  }

  it.each<[string, (inbox: SessionInbox) => void]>([
    ['a resync', (inbox) => inbox.offer(job('a'))],
    ['a stream sync', (inbox) => inbox.offer(job('a', 'stream_sync'))],
    ['a cancellation', (inbox) => inbox.cancel('a')],
  ])('is woken by %s, once', async (_, tell) => {
    const inbox = new SessionInbox();
    expect(await wakes(inbox, () => tell(inbox))).toBe(true);
    expect(await wakes(inbox, () => tell(inbox))).toBe(false);
  });

  it('waits although a job was offered before: a session that cannot start is not tried without end', async () => {
    const inbox = new SessionInbox();
    inbox.offer(job('a'));
    expect(await wakes(inbox, () => undefined)).toBe(false);
    expect(await wakes(inbox, () => inbox.offer(job('b')))).toBe(true);
    expect(inbox.takeResync()?.id).toBe('b');
    expect(inbox.takeResync()).toBeNull();
  });

  it('does not wait when it is told to stop', async () => {
    const stop = new AbortController();
    const waiting = new SessionInbox().arrival(60_000, stop.signal);
    stop.abort();
    await waiting;
  });
});
