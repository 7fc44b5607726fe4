import type { LeaseHolder, WorkerHeartbeat } from '@lockstep/contracts';

/**
 * - `watching`: seen for the first time, or still for less than the whole time that is allowed
 * - `fenced`: it has ended its leases, and its process lives on under another incarnation
 */
export type HolderObservation = 'alive' | 'gone' | 'fenced' | 'watching';

/** What a challenger remembers of a holder; times are of its own monotonic clock. */
export interface Sighting {
  readonly beat: number;
  /** When this beat was first seen, milliseconds. */
  readonly sinceMs: number;
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

/**
 * Whether a holder lives, by the movement of its beat alone. Pure; no clock but the challenger's own
 * monotonic one counts, and it errs on the side of waiting: a beat counts as seen when its answer
 * arrived, and as still there when the next look was begun.
 * @param allowedMs how long the same beat must be seen before the holder counts as gone
 */
export function observe(
  holder: Pick<LeaseHolder, 'incarnation' | 'startedAt'>,
  before: Sighting | null,
  look: Look,
  allowedMs: number,
): Observed {
  const { found } = look;
  if (found?.incarnation !== holder.incarnation) {
    const isSameProcess = found !== undefined && found.startedAt === holder.startedAt;
    return { observation: isSameProcess ? 'fenced' : 'gone', sighting: null };
  }
  if (before?.beat !== found.beat) {
    const observation = before === null ? 'watching' : 'alive';
    return { observation, sighting: { beat: found.beat, sinceMs: look.answeredAtMs } };
  }
  if (look.askedAtMs - before.sinceMs >= allowedMs) return { observation: 'gone', sighting: null };
  return { observation: 'watching', sighting: before };
}
