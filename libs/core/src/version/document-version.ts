import type { ClusterTime } from './cluster-time.js';

/** What is taken off the seconds, so that cluster times up to the year 2072 fit a signed 64-bit version. */
const EPOCH_SHIFT = 1n << 62n;

/** Versions are signed 64-bit numbers in Elasticsearch. */
const MAX_VERSION = (1n << 63n) - 1n;

/**
 * The external version of a write that reflects the source at least as of `time`:
 * `((seconds − 2^30) << 32) | increment`. Always handled as bigint or decimal text, never as a JS
 * number, which would round it.
 */
export function documentVersion(time: ClusterTime): bigint {
  const version = time - EPOCH_SHIFT;
  if (version < 0n || version > MAX_VERSION)
    throw new RangeError('a cluster time before 2004 or after 2072 cannot be a version');
  return version;
}
