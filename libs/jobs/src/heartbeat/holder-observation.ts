import type { LeaseHolder, WorkerHeartbeat } from '@lockstep/contracts';

/**
 * - `watching`: seen for the first time, or still for less than the whole time that is allowed
 * - `fenced`: it has ended its leases, and its process lives on under another incarnation
 */
export type HolderObservation = 'alive' | 'gone' | 'fenced' | 'watching';

/** What a challenger remembers of a holder; times are of its own monotonic clock. */
export interface Sighting {
  readonly beat: number;
  /** Since when this beat has been watched without a gap, milliseconds. */
  readonly sinceMs: number;
  /** When the last look was answered, milliseconds. */
  readonly lookedAtMs: number;
  /** How often the watch of this beat was begun anew, because of a gap. */
  readonly restarts: number;
}

export interface Look {
  /** The holder's heartbeat document as read now; undefined when there is none. */
  readonly found: Pick<WorkerHeartbeat, 'incarnation' | 'startedAt' | 'beat'> | undefined;
  /** Monotonic time before the document was asked for, milliseconds. */
  readonly askedAtMs: number;
  /** Monotonic time when the answer was there, milliseconds. */
  readonly answeredAtMs: number;
}

export interface Observed {
  readonly observation: HolderObservation;
  /** What to remember; null when there is nothing more to watch. */
  readonly sighting: Sighting | null;
}

export interface WatchLimits {
  /** How long the same beat must be seen before the holder counts as gone, milliseconds. */
  readonly allowedMs: number;
  /** Looks further apart than this leave a gap in the watch, milliseconds. */
  readonly maxGapMs: number;
}

/** So often a gap may be due to the store. Whoever looks so rarely by habit must find out who is gone all the same. */
export const MAX_RESTARTS = 3;

/**
 * Whether a holder lives, by the movement of its beat alone. Pure; no clock but the challenger's own
 * monotonic one counts, and it errs on the side of waiting: a beat counts as seen when its answer
 * arrived, and as still there when the next look was begun.
 *
 * A gap begins the watch anew: while the challenger could not look, the holder could not beat, and would
 * count as dead for an outage of the store that both have lived through. So a holder is gone when looks
 * at most `maxGapMs` apart have seen the same beat for `allowedMs`. Where looks are always further apart
 * than that (a long poll interval, a round of many connectors) it takes {@link MAX_RESTARTS} gaps more,
 * after which they count as watched.
 */
export function observe(
  holder: Pick<LeaseHolder, 'incarnation' | 'startedAt'>,
  before: Sighting | null,
  look: Look,
  limits: WatchLimits,
): Observed {
  const { found, askedAtMs, answeredAtMs: lookedAtMs } = look;
  if (found?.incarnation !== holder.incarnation) {
    const isSameProcess = found !== undefined && found.startedAt === holder.startedAt;
    return { observation: isSameProcess ? 'fenced' : 'gone', sighting: null };
  }
  if (before?.beat !== found.beat) {
    const observation = before === null ? 'watching' : 'alive';
    return { observation, sighting: { beat: found.beat, sinceMs: lookedAtMs, lookedAtMs, restarts: 0 } };
  }
  const hasGap = lookedAtMs - before.lookedAtMs > limits.maxGapMs;
  if (hasGap && before.restarts < MAX_RESTARTS) {
    const restarts = before.restarts + 1;
    return { observation: 'watching', sighting: { ...before, sinceMs: lookedAtMs, lookedAtMs, restarts } };
  }
  if (askedAtMs - before.sinceMs >= limits.allowedMs) return { observation: 'gone', sighting: null };
  return { observation: 'watching', sighting: { ...before, lookedAtMs } };
}
