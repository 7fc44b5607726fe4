import type { PartitionState } from '@lockstep/contracts';

/** Whether every partition has a position and no scan is due: from here on the stream sync carries it. */
export function isInitialSyncComplete(partitions: readonly PartitionState[]): boolean {
  return (
    partitions.length > 0 &&
    partitions.every(({ position, bulkJobId, bindings }) => {
      const all = Object.values(bindings);
      return position !== null && bulkJobId === null && all.length > 0 && all.every(({ scan }) => scan === null);
    })
  );
}
