import type { WorkerHeartbeat, WorkerLive } from '@lockstep/contracts';
import { systemClock, type Clock } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';

/** A worker as the API shows it. */
export interface WorkerListing extends WorkerHeartbeat {
  readonly isAlive: boolean;
  /** Milliseconds since its beat was last seen to move. */
  readonly ageMs: number;
}

export class WorkerDirectory {
  constructor(
    readonly client: ElasticClient,
    readonly prefix: string,
    readonly clock: Clock = systemClock,
  ) {}
  list(): Promise<WorkerListing[]> {
    return Promise.reject(new Error('not built yet'));
  }
  live(): Promise<WorkerLive[]> {
    return Promise.reject(new Error('not built yet'));
  }
}
