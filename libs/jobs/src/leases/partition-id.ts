import type { PartitionKey } from '@lockstep/contracts';

/** `<connectorId>:<generation>:<partition>`: the id of a partition's state document. */
export function partitionId(key: PartitionKey): string {
  return `${key.connectorId}:${key.generation}:${key.partition}`;
}
