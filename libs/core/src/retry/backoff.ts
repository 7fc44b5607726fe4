export interface BackoffOptions {
  /** Delay after the first failure, milliseconds. */
  readonly baseMs: number;
  /** Upper bound of the delay, milliseconds. */
  readonly maxMs: number;
}

/**
 * The delay before attempt `attempt + 1`, exponential with full jitter on the upper half, so that
 * many workers that fail together do not come back together.
 * @param attempt failures so far, from 1
 * @param random a number in [0, 1)
 */
export function backoffDelayMs(attempt: number, options: BackoffOptions, random = Math.random()): number {
  const ceiling = Math.min(options.maxMs, options.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
