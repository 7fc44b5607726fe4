import { LockstepError } from '../errors/lockstep-error.js';

/**
 * Waits `delayMs` milliseconds.
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
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
