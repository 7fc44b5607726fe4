import { LockstepError } from '../errors/lockstep-error.js';

/** Node.js fires a timer of more milliseconds than this at once: whoever waits for long would not wait at all. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits `delayMs` milliseconds, at most 24 days.
 * @throws LockstepError `JOB_ABORTED` as soon as the signal is aborted.
 */
export function sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new LockstepError('JOB_ABORTED'));
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(new LockstepError('JOB_ABORTED'));
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      },
      Math.min(delayMs, MAX_TIMER_MS),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
