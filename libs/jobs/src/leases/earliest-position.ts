import type { PartitionState } from '@lockstep/contracts';
import { minClusterTime, parseClusterTime, type ClusterTime } from '@lockstep/core';

/** What all of the partitions have passed; null while none has a position. Pure. */
export function earliestPosition(
  partitions: readonly Pick<PartitionState, 'partition' | 'position' | 'bindings'>[],
): ClusterTime | null {
  const times = partitions.flatMap(({ partition, position, bindings }): ClusterTime[] => {
    // One that has a part of nothing follows nothing.
    if (partition > 0 && Object.keys(bindings).length === 0) return [];
    const time = parseClusterTime(position?.h ?? '');
    return time === undefined ? [] : [time];
  });
  const [first, ...others] = times;
  return first === undefined ? null : others.reduce(minClusterTime, first);
}
