import type { PartitionKey, PartitionState } from '@lockstep/contracts';

/** The state of a partition that nobody has worked on yet. */
export function newPartitionState(key: PartitionKey, nowIso: string): PartitionState {
  return {
    schema: 1,
    connectorId: key.connectorId,
    generation: key.generation,
    partition: key.partition,
    lease: null,
    epoch: 0,
    identity: null,
    position: null,
    bindings: {},
    bulkJobId: null,
    streamJobId: null,
    observedState: 'idle',
    conditions: [],
    updatedAt: nowIso,
  };
}
