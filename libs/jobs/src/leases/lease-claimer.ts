import type { EventSink, LeaseHolder } from '@lockstep/contracts';
import type { HolderObserver } from '../heartbeat/holder-observer.js';

/** What a heartbeat fences when it grows too old. */
export interface FencedLease {
  readonly partition: string;
  /** Ends the lease at once: its signal is aborted and it never writes again. */
  fence(): void;
}

/** The sign of life that a lease hangs on; implemented by the worker's heartbeat. */
export interface LeaseGuard {
  readonly holder: LeaseHolder;
  /** False from TTL minus margin on: others may soon believe this worker dead, so it must not write. */
  isFresh(): boolean;
  holds(partition: string): boolean;
  add(lease: FencedLease): void;
  remove(lease: FencedLease): void;
}

/** Who asks for a lease, and how it judges those who have one. */
export interface LeaseClaimer {
  readonly guard: LeaseGuard;
  readonly observer: Pick<HolderObserver, 'isAlive'>;
  readonly events: EventSink;
}
