/** Milliseconds between two beats. */
export const BEAT_INTERVAL_MS = 3_000;
/** How long a beat vouches for its worker, by anybody's own clock. */
export const LEASE_TTL_MS = 10_000;
/** How often the age of the heartbeat is looked at. */
export const FENCE_CHECK_MS = 250;

/** How much earlier the holder stops than others may take over: 2 s of a TTL of 10 s. */
export function fenceMarginMs(ttlMs: number): number {
  return ttlMs / 5;
}

/** How much longer than the TTL a challenger waits: 5 s of a TTL of 10 s. */
export function takeoverGraceMs(ttlMs: number): number {
  return ttlMs / 2;
}

/** How far apart a challenger's looks may be: 5 s of a TTL of 10 s, in which a living holder beats. */
export function maxLookGapMs(ttlMs: number): number {
  return ttlMs / 2;
}
