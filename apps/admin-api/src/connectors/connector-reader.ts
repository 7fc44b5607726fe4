import {
  type ConnectorStore,
  connectorView,
  type ConnectorView,
  type Page,
  type PageRequest,
} from '@lockstep/config-store';
import type { Binding, Connector, ConnectorStatus, PartitionState } from '@lockstep/contracts';
import type { DocumentStore } from '@lockstep/elastic';
import type { DeadLetterStore } from '@lockstep/elastic-sink';
import {
  currentPartitions,
  FIRST_PLAN,
  type GenerationPlan,
  type GenerationStore,
  type PartitionStore,
  restingByConnector,
  type WorkerDirectory,
  type WorkerListing,
} from '@lockstep/jobs';
import { connectorStatus } from './connector-status.js';

/** One namespace and the target that it goes to, as a worker has resolved it. */
export type ShownBinding = Pick<Binding, 'namespace' | 'index'>;

/** A connector as the API shows it. */
export type ShownConnector = ConnectorView &
  ConnectorStatus & {
    readonly bindings: readonly ShownBinding[];
    /** Documents that are not in the index as they are in the source. */
    readonly openDeadLetters: number;
  };

/** What is seen of one connector. */
interface Seen {
  readonly partitions: readonly PartitionState[];
  readonly plan: GenerationPlan;
  readonly workers: readonly WorkerListing[];
  readonly openDeadLetters: number;
}

/** Partitions that one listing looks at. */
const MAX_LISTED_PARTITIONS = 5_000;

/** Joins connectors with what is seen of them. */
export class ConnectorReader {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly partitions: PartitionStore,
    private readonly partitionDocuments: DocumentStore<PartitionState>,
    private readonly generations: GenerationStore,
    private readonly directory: WorkerDirectory,
    private readonly deadLetters: DeadLetterStore,
  ) {}

  /** @throws LockstepError CONNECTOR_UNKNOWN */
  async show(connector: Connector): Promise<ShownConnector> {
    const [partitions, plan, workers] = await Promise.all([
      this.partitions.listByConnector(connector.id),
      this.generations.get(connector.id),
      this.directory.list(),
    ]);
    const resting = restingByConnector(new Map([[connector.id, plan]]));
    const open = await this.deadLetters.openCounts([connector.id], resting);
    return shown(connector, { partitions, plan, workers, openDeadLetters: open.get(connector.id) ?? 0 });
  }

  async list(page: PageRequest): Promise<Page<ShownConnector>> {
    const [found, workers] = await Promise.all([this.connectors.list(page), this.directory.list()]);
    const ids = found.items.map((connector) => connector.id);
    const [byConnector, plans] = await Promise.all([this.#partitionsOf(ids), this.generations.list(ids)]);
    const open = await this.deadLetters.openCounts(ids, restingByConnector(plans));
    return {
      items: found.items.map((connector) => {
        const [partitions, plan] = [byConnector.get(connector.id) ?? [], plans.get(connector.id) ?? FIRST_PLAN];
        return shown(connector, { partitions, plan, workers, openDeadLetters: open.get(connector.id) ?? 0 });
      }),
      nextPageToken: found.nextPageToken,
    };
  }

  async #partitionsOf(connectorIds: readonly string[]): Promise<Map<string, PartitionState[]>> {
    const byConnector = new Map<string, PartitionState[]>();
    if (connectorIds.length === 0) return byConnector;
    const query = { terms: { connectorId: connectorIds } };
    const { documents } = await this.partitionDocuments.search({ query, size: MAX_LISTED_PARTITIONS });
    for (const source of currentPartitions(documents.map((found) => found.source))) {
      byConnector.set(source.connectorId, [...(byConnector.get(source.connectorId) ?? []), source]);
    }
    return byConnector;
  }
}

/** A retired generation rests: nothing of it is shown. */
function shown(connector: Connector, { partitions, plan, workers, openDeadLetters }: Seen): ShownConnector {
  const { desiredState, updatedAt } = connector;
  const stateOf = new Map(plan.generations.map(({ number, state }) => [number, state]));
  const active = partitions.filter(({ generation }) => (stateOf.get(generation) ?? 'retired') !== 'retired');
  const serving = active.filter(({ generation }) => stateOf.get(generation) === 'serving');
  return {
    ...connectorView(connector),
    ...connectorStatus({ desiredState, updatedAt, partitions: active, workers }),
    bindings: bindingsOf(connector.config.source.database, serving),
    openDeadLetters,
  };
}

/**
 * What a worker has resolved, by namespace.
 * @param database of those that do not know which one they follow
 */
export function bindingsOf(database: string, partitions: readonly PartitionState[]): readonly ShownBinding[] {
  const targets = new Map(
    partitions
      .flatMap(({ bindings, identity }) => {
        const from = identity?.rules.source.database ?? database;
        return Object.values(bindings).map((binding) => ({ ...binding, from }));
      })
      .filter(({ suspension }) => suspension?.operation !== 'unlisted' || suspension.isKept === true)
      .map(({ from, collection, index }) => [`${from}.${collection}`, index]),
  );
  return [...targets]
    .map(([namespace, index]) => ({ namespace, index }))
    .sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
}
