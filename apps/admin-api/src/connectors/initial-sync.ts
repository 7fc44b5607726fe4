import type { PartitionState } from '@lockstep/contracts';

/** Whether the lead, which waits for all, has a position and no scan is due: from here on the stream sync carries it. */
export function isInitialSyncComplete(partitions: readonly PartitionState[]): boolean {
  const leads = partitions.filter(({ partition }) => partition === 0);
  return (
    leads.length > 0 &&
    leads.every(({ position, bulkJobId, bindings }) => {
      const all = Object.values(bindings);
      return position !== null && bulkJobId === null && all.length > 0 && all.every(({ scan }) => scan === null);
    })
  );
}
