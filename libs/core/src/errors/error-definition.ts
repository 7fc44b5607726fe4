/** Which part of the system an error speaks about. */
export type ErrorKind = 'config' | 'auth' | 'source' | 'sink' | 'job' | 'api' | 'internal';

/**
 * What may be done about an error without a person:
 * - `transient`: try again with backoff and jitter
 * - `throttled`: obey the delay and ask for less
 * - `permanent`: a person is needed; trying again changes nothing
 * - `poison`: this one document only; it becomes a dead letter
 * - `positionLost`: the change history is gone; only a resync helps
 * - `aborted`: asked for, not an error
 * - `bug`: an assertion of ours failed
 */
export type RetryClass = 'transient' | 'throttled' | 'permanent' | 'poison' | 'positionLost' | 'aborted' | 'bug';

export interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** The HTTP status that the API answers with when this error ends a request. */
  readonly httpStatus: number;
  readonly retry: RetryClass;
  /** One line, without values. */
  readonly title: string;
  /** What the operator can do. */
  readonly advice: string;
}

export /** Shortens the tables of codes. */
const define = (
  kind: ErrorKind,
  httpStatus: number,
  retry: RetryClass,
  title: string,
  advice: string,
): ErrorDefinition => ({ kind, httpStatus, retry, title, advice });
