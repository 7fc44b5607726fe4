import type { PartitionState } from '@lockstep/contracts';

/**
 * The targets of a partition have not been filled once: it has no position yet, knows nothing to follow, or the first
 * scan of some binding is not finished. Canceling the bulk sync then means stopping the connector. Pure.
 */
export function isInitialSyncDue({ partition, position, streamJobId, bindings }: PartitionState): boolean {
  if (partition > 0) return false;
  const all = Object.values(bindings);
  return (
    position === null || streamJobId === null || all.length === 0 || all.some(({ scan }) => scan?.isInitial === true)
  );
}
