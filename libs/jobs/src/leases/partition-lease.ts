import type { PartitionKey, PartitionState } from '@lockstep/contracts';

export class PartitionLease {
  readonly key!: PartitionKey;
  readonly epoch!: number;
  readonly state!: PartitionState;
  readonly signal!: AbortSignal;
  save(_change: (state: PartitionState) => PartitionState): Promise<PartitionState> {
    return Promise.reject(new Error('not built yet'));
  }
  release(): Promise<void> {
    return Promise.reject(new Error('not built yet'));
  }
}
