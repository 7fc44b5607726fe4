import { LockstepError } from '../errors/lockstep-error.js';

/** @throws LockstepError `JOB_ABORTED` when the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LockstepError('JOB_ABORTED');
}
