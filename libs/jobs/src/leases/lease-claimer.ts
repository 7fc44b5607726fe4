import type { EventSink, LeaseHolder } from '@lockstep/contracts';
import type { HolderObservation } from '../heartbeat/holder-observation.js';

/** What a heartbeat fences when it grows too old. */
export interface FencedLease {
  /** Id of the partition, as `partitionId` makes it. */
  readonly partition: string;
  /** Ends the lease at once: its signal is aborted and it never writes again. */
  fence(): void;
}

/** The sign of life that leases hang on; the worker's heartbeat is one. */
export interface LeaseGuard {
  /** Who claims. Changes after a fence, so read it anew at each use. */
  readonly holder: LeaseHolder;
  /** False from TTL minus margin on: others may soon believe this worker dead, so it must not write. */
  isFresh(): boolean;
  /** Takes the partition's place in this process; false when it is held or being claimed here already. */
  reserve(partition: string): boolean;
  /** Gives the place back: the claim failed, or the lease is over. */
  free(partition: string): void;
  /** The claim came through: `lease` is fenced when the heartbeat grows too old. */
  add(lease: FencedLease): void;
}

/** Who asks for a lease, and how it judges those who have one. */
export interface LeaseClaimer {
  /** The worker's `WorkerHeartbeatService`. */
  readonly guard: LeaseGuard;
  /** The worker's `HolderObserver`. */
  readonly observer: { isAlive(holder: LeaseHolder): Promise<HolderObservation> };
  readonly events: EventSink;
}
