import type { PartitionKey, PartitionState } from '@lockstep/contracts';
import { systemClock, type Clock } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';
import type { LeaseClaimer } from './lease-claimer.js';
import type { PartitionLease } from './partition-lease.js';

const notBuilt = (): Promise<never> => Promise.reject(new Error('not built yet'));

export class PartitionStore {
  constructor(
    readonly client: ElasticClient,
    readonly prefix: string,
    readonly clock: Clock = systemClock,
  ) {}
  get(_key: PartitionKey): Promise<PartitionState | undefined> {
    return notBuilt();
  }
  ensure(_key: PartitionKey): Promise<PartitionState> {
    return notBuilt();
  }
  listByConnector(_connectorId: string): Promise<PartitionState[]> {
    return notBuilt();
  }
  deleteByConnector(_connectorId: string): Promise<void> {
    return notBuilt();
  }
  claim(_key: PartitionKey, _claimer: LeaseClaimer): Promise<PartitionLease | null> {
    return notBuilt();
  }
}
