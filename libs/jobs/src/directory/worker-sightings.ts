import type { WorkerHeartbeat } from '@lockstep/contracts';
import type { Clock } from '@lockstep/core';

interface Sighting {
  readonly beat: number;
  /** When this beat was first seen here, milliseconds. */
  readonly seenAtMs: number;
  /** Since when it has been looked at without a gap, milliseconds. */
  readonly watchedSinceMs: number;
  /** The last look, milliseconds. */
  readonly lookedAtMs: number;
  /** How old it was by then, by the worker's own clock, milliseconds. */
  readonly claimedAgeMs: number;
}

/** Looks further apart leave a gap, milliseconds; housekeeping alone looks every minute. */
const MAX_LOOK_GAP_MS = 150_000;

/** How old a worker's beat is, milliseconds. */
export interface BeatAge {
  /** For showing. */
  readonly ageMs: number;
  /**
   * What has been watched from here, no foreign clock in it: for deciding. A gap begins it anew, as nobody beats
   * while the store is away.
   */
  readonly watchedMs: number;
}

/**
 * How long ago each worker's beat was last seen to move, on the observer's own monotonic clock. At the
 * first sight there is nothing to go by but the worker's own time of the beat, so that a worker that
 * died yesterday does not look alive for its first ten seconds; from the first movement on, no foreign
 * clock counts. Leases are judged by the `HolderObserver`.
 */
export class WorkerSightings {
  private readonly sightings = new Map<string, Sighting>();

  constructor(private readonly clock: Clock) {}

  look(worker: WorkerHeartbeat): BeatAge {
    const nowMs = this.clock.monotonicMs();
    const name = `${worker.id}/${worker.incarnation}`;
    const before = this.sightings.get(name);
    if (before?.beat === worker.beat) {
      const hasGap = nowMs - before.lookedAtMs > MAX_LOOK_GAP_MS;
      const watchedSinceMs = hasGap ? nowMs : before.watchedSinceMs;
      this.sightings.set(name, { ...before, watchedSinceMs, lookedAtMs: nowMs });
      return { ageMs: before.claimedAgeMs + nowMs - before.seenAtMs, watchedMs: nowMs - watchedSinceMs };
    }
    const claimedMs = before === undefined ? this.clock.nowMs() - Date.parse(worker.beatAt) : 0;
    const claimedAgeMs = Number.isFinite(claimedMs) ? Math.max(0, claimedMs) : 0;
    const { beat } = worker;
    this.sightings.set(name, { beat, seenAtMs: nowMs, watchedSinceMs: nowMs, lookedAtMs: nowMs, claimedAgeMs });
    return { ageMs: claimedAgeMs, watchedMs: 0 };
  }

  /** Forgets every worker that is not among these. */
  keepOnly(workers: readonly WorkerHeartbeat[]): void {
    const names = new Set(workers.map(({ id, incarnation }) => `${id}/${incarnation}`));
    for (const name of this.sightings.keys()) if (!names.has(name)) this.sightings.delete(name);
  }
}
