import type { Connector, Generation, PartitionState } from '@lockstep/contracts';
import { clusterTimeSeconds } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';
import { earliestPosition, type GenerationPlan, type PartitionStore, rollbackCandidate } from '@lockstep/jobs';
import { bindingsOf, type ShownBinding } from '../connectors/connector-reader.js';

/** A generation as the API shows it. */
export interface ShownGeneration extends Generation {
  readonly bindings: readonly ShownBinding[];
  /** What searches find in its indices; null where the API cannot ask. */
  readonly documents: number | null;
  /** Changes of the source up to here are in it, ISO 8601, UTC; null without a position. */
  readonly followedTo: string | null;
}

export interface ShownGenerations {
  /** Oldest first. */
  readonly items: readonly ShownGeneration[];
  /** Number of the one that a rollback returns to; null when there is none. */
  readonly rollbackTo: number | null;
}

/** Joins the generations of a connector with what is seen of them. */
export class GenerationReader {
  constructor(
    private readonly client: ElasticClient,
    private readonly partitions: PartitionStore,
  ) {}

  async show(connector: Connector, plan: GenerationPlan): Promise<ShownGenerations> {
    const partitions = await this.partitions.listByConnector(connector.id);
    const show = async (generation: Generation): Promise<ShownGeneration> => {
      const own = partitions.filter((partition) => partition.generation === generation.number);
      const bindings = bindingsOf(connector.config.source.database, own);
      const documents = await this.#count(connector, bindings);
      return { ...generation, kept: generation.kept ?? null, bindings, documents, followedTo: followedTo(own) };
    };
    return {
      items: await Promise.all(plan.generations.map(show)),
      rollbackTo: rollbackCandidate(plan)?.number ?? null,
    };
  }

  async #count(connector: Connector, bindings: readonly ShownBinding[]): Promise<number | null> {
    // For another cluster than that of our state, the API has no credentials.
    if (connector.config.sink.elasticsearch !== undefined || bindings.length === 0) return null;
    const index = bindings.map((binding) => binding.index);
    try {
      return (await this.client.count({ index, ignore_unavailable: true })).count;
    } catch {
      // A list without a figure is better than none: the API may have no right to search.
      return null;
    }
  }
}

function followedTo(partitions: readonly PartitionState[]): string | null {
  const time = earliestPosition(partitions);
  return time === null ? null : new Date(clusterTimeSeconds(time) * 1_000).toISOString();
}
