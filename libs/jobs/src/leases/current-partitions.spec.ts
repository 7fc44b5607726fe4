import type { PartitionState } from '@lockstep/contracts';
import { currentPartitions } from './current-partitions.js';

const state = (generation: number, partition: number, partitionCount?: number): PartitionState =>
  ({ connectorId: 'con_1', generation, partition, partitionCount }) as PartitionState;

it('currentPartitions leaves out what a generation had more of before', () => {
  const all = [state(1, 0), state(1, 1), state(2, 0, 3), state(2, 1), state(2, 2), state(2, 3), state(3, 1)];
  expect(currentPartitions(all).map(({ generation, partition }) => `${generation}/${partition}`)).toEqual([
    '1/0',
    '2/0',
    '2/1',
    '2/2',
  ]);
});
