/** Milliseconds between two beats. */
export const BEAT_INTERVAL_MS = 3_000;
/** How long a beat vouches for its worker, by anybody's own clock. */
export const LEASE_TTL_MS = 10_000;
/** How much earlier the holder stops than others may take over. */
export const FENCE_MARGIN_MS = 2_000;
/** How much longer than the TTL a challenger waits. */
export const TAKEOVER_GRACE_MS = 5_000;
/** How often the age of the heartbeat is looked at. */
export const FENCE_CHECK_MS = 250;
