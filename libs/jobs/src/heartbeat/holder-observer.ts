import type { LeaseHolder } from '@lockstep/contracts';
import { systemClock, type Clock } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';

export type HolderObservation = 'alive' | 'gone' | 'watching';

export interface HolderObserverOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  readonly ttlMs?: number;
  readonly graceMs?: number;
  readonly clock?: Clock;
}

export class HolderObserver {
  constructor(readonly options: HolderObserverOptions) {
    void systemClock;
  }
  isAlive(_holder: LeaseHolder): Promise<HolderObservation> {
    return Promise.reject(new Error('not built yet'));
  }
}
