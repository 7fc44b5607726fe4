import type { EventSink, LeaseHolder } from '@lockstep/contracts';
import type { Clock } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';
import type { FencedLease, LeaseGuard } from '../leases/lease-claimer.js';

export interface WorkerHeartbeatOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  /** Version of the worker, for people. */
  readonly version: string;
  readonly events: EventSink;
  /** @defaultValue a new id per process start */
  readonly workerId?: string;
  readonly clock?: Clock;
  /** Milliseconds between beats. @defaultValue 3 000 */
  readonly intervalMs?: number;
  /** @defaultValue 10 000 */
  readonly ttlMs?: number;
  /** The heartbeat counts as too old at TTL minus this. @defaultValue 2 000 */
  readonly marginMs?: number;
}

export class WorkerHeartbeatService implements LeaseGuard {
  readonly holder: LeaseHolder = { workerId: '', incarnation: '' };
  constructor(readonly options: WorkerHeartbeatOptions) {}
  start(_signal: AbortSignal): Promise<void> {
    return Promise.reject(new Error('not built yet'));
  }
  stop(): Promise<void> {
    return Promise.reject(new Error('not built yet'));
  }
  ageMs(): number {
    return Infinity;
  }
  isFresh(): boolean {
    return false;
  }
  holds(_partition: string): boolean {
    return false;
  }
  add(_lease: FencedLease): void {
    throw new Error('not built yet');
  }
  remove(_lease: FencedLease): void {
    throw new Error('not built yet');
  }
}
