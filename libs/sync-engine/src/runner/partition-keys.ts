import type { Connector, Generation, PartitionKey } from '@lockstep/contracts';
import { partitionId, type GenerationPlan } from '@lockstep/jobs';
import { activeGenerations, leadPartition } from './generation-roles.js';

/** Which partitions there are, as of one look. */
export class PartitionKeys {
  /** @param counts how many partitions generations have that have several, by the id of their lead */
  constructor(private readonly counts: ReadonlyMap<string, number>) {}

  /** The partitions of a generation, the lead first. */
  all(lead: PartitionKey): readonly PartitionKey[] {
    return Array.from({ length: this.countOf(lead) }, (_, partition) => ({ ...lead, partition }));
  }

  /** Those that there is something to do for: a generation that is discarded is its lead's alone. */
  active(connectorId: string, { number, state }: Generation): readonly PartitionKey[] {
    const lead = leadPartition(connectorId, number);
    return state === 'discarding' ? [lead] : this.all(lead);
  }

  /** Whether the generation still has so many. */
  has(key: PartitionKey): boolean {
    return key.partition < this.countOf({ ...key, partition: 0 });
  }

  /** Ids of all that some worker should hold. */
  wanted(runnable: readonly Connector[], plans: ReadonlyMap<string, GenerationPlan>): ReadonlySet<string> {
    const running = runnable.filter(({ desiredState }) => desiredState === 'running');
    return new Set(
      running.flatMap(({ id }) =>
        activeGenerations(plans.get(id))
          .filter(({ state }) => state !== 'discarding')
          .flatMap((generation) => this.active(id, generation).map(partitionId)),
      ),
    );
  }

  private countOf(lead: PartitionKey): number {
    return this.counts.get(partitionId(lead)) ?? 1;
  }
}
