/**
 * A MongoDB cluster time as one comparable value: seconds in the upper 32 bits, increment in the lower.
 * The same 64 bits as a BSON Timestamp.
 */
export type ClusterTime = bigint;

const INCREMENT_MASK = 0xffff_ffffn;

/**
 * @param seconds seconds since the epoch, 0 … 2^32 − 1
 * @param increment ordinal within the second, 0 … 2^32 − 1
 */
export function clusterTime(seconds: number, increment: number): ClusterTime {
  return (BigInt(seconds) << 32n) | BigInt(increment);
}

export function clusterTimeSeconds(time: ClusterTime): number {
  return Number(time >> 32n);
}

export function clusterTimeIncrement(time: ClusterTime): number {
  return Number(time & INCREMENT_MASK);
}

/** `"<seconds>.<increment>"`, the form in which cluster times are stored and shown. */
export function formatClusterTime(time: ClusterTime): string {
  return `${clusterTimeSeconds(time)}.${clusterTimeIncrement(time)}`;
}

/** Reads the form of {@link formatClusterTime}; `undefined` when the text is something else. */
export function parseClusterTime(text: string): ClusterTime | undefined {
  const match = /^(\d{1,10})\.(\d{1,10})$/.exec(text);
  if (match === null) return undefined;
  const [seconds, increment] = [Number(match[1]), Number(match[2])];
  if (seconds > 0xffff_ffff || increment > 0xffff_ffff) return undefined;
  return clusterTime(seconds, increment);
}

export function maxClusterTime(a: ClusterTime, b: ClusterTime): ClusterTime {
  return a > b ? a : b;
}

export function minClusterTime(a: ClusterTime, b: ClusterTime): ClusterTime {
  return a < b ? a : b;
}
