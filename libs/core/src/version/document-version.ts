import type { ClusterTime } from './cluster-time.js';

/** What is taken off the seconds, so that cluster times up to the year 2106 fit a signed 64-bit version. */
const EPOCH_SHIFT = 1n << 62n;

/**
 * The external version of a write that reflects the source at least as of `time`:
 * `((seconds − 2^30) << 32) | increment`. Always handled as bigint or decimal text, never as a JS
 * number, which would round it.
 */
export function documentVersion(time: ClusterTime): bigint {
  if (time < EPOCH_SHIFT) throw new RangeError('cluster time before 2004 cannot be a version');
  return time - EPOCH_SHIFT;
}
