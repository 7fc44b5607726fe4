import { LockstepError } from '@lockstep/core';

export interface Bounds {
  readonly signal: AbortSignal;
  /** The work is given up after this many milliseconds. */
  readonly deadlineMs: number;
  readonly doing: string;
}

/**
 * Runs `work` until it is done, its deadline passes, or the signal is aborted, whichever comes first;
 * `work` gets a signal that is aborted in the latter two cases.
 * @throws LockstepError JOB_ABORTED, SOURCE_UNREACHABLE, and what `work` throws
 */
export async function bounded<T>(work: (signal: AbortSignal) => Promise<T>, bounds: Bounds): Promise<T> {
  const { signal, deadlineMs, doing } = bounds;
  if (signal.aborted) throw new LockstepError('JOB_ABORTED');
  const controller = new AbortController();
  let onAbort = (): void => undefined;
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    const end = (error: LockstepError): void => {
      reject(error);
      controller.abort(error);
    };
    onAbort = () => end(new LockstepError('JOB_ABORTED'));
    signal.addEventListener('abort', onAbort, { once: true });
    timer = setTimeout(() => {
      end(new LockstepError('SOURCE_UNREACHABLE', `${doing}: no answer within ${deadlineMs} ms`));
    }, deadlineMs);
  });
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
