import { LockstepError } from '@lockstep/core';

/**
 * The promise, or SINK_UNREACHABLE after `deadlineMs` without an outcome. The request itself may still
 * come through later: its writer must be able to live with that.
 */
export function withDeadline<T>(promise: Promise<T>, deadlineMs: number): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new LockstepError('SINK_UNREACHABLE', `Elasticsearch did not answer within ${deadlineMs} ms`));
    }, deadlineMs);
    void promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
