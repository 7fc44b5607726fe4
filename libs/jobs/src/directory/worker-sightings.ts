import type { WorkerHeartbeat } from '@lockstep/contracts';
import type { Clock } from '@lockstep/core';

interface Sighting {
  readonly beat: number;
  readonly sinceMs: number;
}

/**
 * How long ago each worker's beat was last seen to move, on the observer's own monotonic clock. At the
 * first sight there is nothing to go by but the worker's own time of the beat, so that a worker that
 * died yesterday does not look alive for its first ten seconds; from the first movement on, no foreign
 * clock counts. For showing only: leases are judged by the `HolderObserver`.
 */
export class WorkerSightings {
  private readonly sightings = new Map<string, Sighting>();

  constructor(private readonly clock: Clock) {}

  /** @returns milliseconds since the beat moved, never negative */
  look(worker: WorkerHeartbeat): number {
    const nowMs = this.clock.monotonicMs();
    const name = `${worker.id}/${worker.incarnation}`;
    const before = this.sightings.get(name);
    if (before?.beat === worker.beat) return nowMs - before.sinceMs;
    const claimedAgeMs = before === undefined ? this.clock.nowMs() - Date.parse(worker.beatAt) : 0;
    const ageMs = Number.isFinite(claimedAgeMs) ? Math.max(0, claimedAgeMs) : 0;
    this.sightings.set(name, { beat: worker.beat, sinceMs: nowMs - ageMs });
    return ageMs;
  }

  /** Forgets every worker that is not among these. */
  keepOnly(workers: readonly WorkerHeartbeat[]): void {
    const names = new Set(workers.map(({ id, incarnation }) => `${id}/${incarnation}`));
    for (const name of this.sightings.keys()) if (!names.has(name)) this.sightings.delete(name);
  }
}
