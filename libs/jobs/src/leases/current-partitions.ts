import type { PartitionState } from '@lockstep/contracts';

/** Without those that a generation had when it was divided into more parts: nobody works on them any more. */
export function currentPartitions(states: readonly PartitionState[]): PartitionState[] {
  const counts = new Map(
    states.flatMap(({ connectorId, generation, partition, partitionCount = 1 }) =>
      partition === 0 ? [[`${connectorId} ${generation}`, partitionCount]] : [],
    ),
  );
  return states.filter(
    ({ connectorId, generation, partition }) => partition < (counts.get(`${connectorId} ${generation}`) ?? 1),
  );
}
