/** How far the live stream can be trusted. */
export type Freshness = 'connecting' | 'live' | 'stale' | 'broken' | 'denied';

export interface StreamStatus {
  readonly phase: 'connecting' | 'open' | 'waiting' | 'denied';
  /** When the last bytes came, milliseconds since the epoch; null before the first. */
  readonly lastByteAtMs: number | null;
  /** Reconnects in a row without an answer. */
  readonly failures: number;
}

/** A stream that says nothing, not even a heartbeat comment, for this long is stale, milliseconds. */
export const STALE_AFTER_MS = 10_000;
/** A stream this silent is given up and opened anew, milliseconds. */
export const ABANDON_AFTER_MS = 25_000;

export function freshnessOf(status: StreamStatus, nowMs: number): Freshness {
  if (status.phase === 'denied') return 'denied';
  if (status.lastByteAtMs === null) return status.failures > 0 ? 'broken' : 'connecting';
  if (status.phase === 'open') return nowMs - status.lastByteAtMs > STALE_AFTER_MS ? 'stale' : 'live';
  // One quick reconnect goes unnoticed; a lost stream that stays lost does not.
  if (status.failures > 0) return 'broken';
  return nowMs - status.lastByteAtMs > STALE_AFTER_MS ? 'stale' : 'live';
}

/** Delay before reconnect number `failures`, milliseconds: doubles from half a second up to ten. */
export function reconnectDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(10_000, 500 * 2 ** Math.min(failures, 10));
  return Math.round(ceiling * (0.5 + random / 2));
}
