import type { PartitionState } from '@lockstep/contracts';
import { minClusterTime, parseClusterTime, type ClusterTime } from '@lockstep/core';

/** What all of the partitions have passed; null while none has a position. Pure. */
export function earliestPosition(partitions: readonly Pick<PartitionState, 'position'>[]): ClusterTime | null {
  const times = partitions.flatMap(({ position }): ClusterTime[] => {
    const time = parseClusterTime(position?.h ?? '');
    return time === undefined ? [] : [time];
  });
  const [first, ...others] = times;
  return first === undefined ? null : others.reduce(minClusterTime, first);
}
