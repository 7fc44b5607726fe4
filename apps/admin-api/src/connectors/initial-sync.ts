import type { PartitionState } from '@lockstep/contracts';

/** Whether the partitions have a position and know what they follow: not before their first look at the source. */
function isTakenUp(partitions: readonly PartitionState[]): boolean {
  return (
    partitions.length > 0 &&
    partitions.every(({ position, bindings }) => position !== null && Object.keys(bindings).length > 0)
  );
}

/** Whether every partition has a position and no scan is due: from here on the stream sync carries it. */
export function isInitialSyncComplete(partitions: readonly PartitionState[]): boolean {
  return (
    isTakenUp(partitions) &&
    partitions.every(
      ({ bulkJobId, bindings }) =>
        bulkJobId === null && Object.values(bindings).every((binding) => binding.scan === null),
    )
  );
}

/** Whether the targets have been filled once: a bulk sync that runs now, if any, is a resync. */
export function isFilledOnce(partitions: readonly PartitionState[]): boolean {
  return (
    isTakenUp(partitions) &&
    partitions.every(({ bindings }) => Object.values(bindings).every((binding) => binding.scan?.isInitial !== true))
  );
}
