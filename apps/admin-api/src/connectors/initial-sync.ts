import type { PartitionState } from '@lockstep/contracts';

/** Whether every partition has a position and no scan is due: from here on the stream sync carries it. */
export function isInitialSyncComplete(partitions: readonly PartitionState[]): boolean {
  return (
    partitions.length > 0 &&
    partitions.every(
      (partition) =>
        partition.position !== null &&
        partition.bulkJobId === null &&
        Object.values(partition.bindings).every((binding) => binding.scan === null),
    )
  );
}

/** Whether the targets have been filled once: a bulk sync that runs now, if any, is a resync. */
export function isFilledOnce(partitions: readonly PartitionState[]): boolean {
  return (
    partitions.length > 0 &&
    partitions.every(
      (partition) =>
        partition.position !== null &&
        Object.values(partition.bindings).every((binding) => binding.scan?.isInitial !== true),
    )
  );
}
