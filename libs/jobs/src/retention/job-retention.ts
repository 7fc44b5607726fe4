import { systemClock, type Clock } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';

export interface JobRetentionLimits {
  /** Finished jobs kept per connector, the newest first. */
  readonly keepPerConnector: number;
  /** Finished jobs older than this go, milliseconds. */
  readonly maxAgeMs: number;
}

export class JobRetention {
  constructor(
    readonly client: ElasticClient,
    readonly prefix: string,
    readonly clock: Clock = systemClock,
  ) {}
  /** @returns how many jobs were removed */
  reap(_limits: JobRetentionLimits): Promise<number> {
    return Promise.reject(new Error('not built yet'));
  }
}
