import type { Clock } from '@lockstep/core';
import type { Connector, EventSink, Generation, SinkPort, SourcePort, Target } from '@lockstep/contracts';
import type { RepairQueue } from '@lockstep/elastic-sink';
import type { GenerationStore, PartitionLease, PartitionStore } from '@lockstep/jobs';
import type { CheckpointKeeper } from '../checkpoint/checkpoint-keeper.js';
import type { HeadroomKeeper } from '../headroom/headroom-keeper.js';
import type { ConflictWatch } from '../progress/conflict-watch.js';
import type { WorkLedger } from '../progress/work-ledger.js';
import type { JobLedger } from '../runner/job-ledger.js';
import type { StatusBoard } from '../runner/status-board.js';
import type { EngineSettings } from './engine-settings.js';

/** What the turns of a partition work with during one session. */
export interface TurnContext {
  /** With the rules of the generation. */
  readonly connector: Connector;
  /** As it is defined now: what the next resync goes by. */
  readonly definition: Connector;
  /** As it stood when the session began. */
  readonly generation: Generation;
  readonly generations: GenerationStore;
  readonly partitions: PartitionStore;
  readonly lease: PartitionLease;
  readonly source: SourcePort;
  readonly sink: SinkPort;
  /** Dead letters that an operator wants tried again. */
  readonly repairs: RepairQueue;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly settings: EngineSettings;
  readonly ledger: WorkLedger;
  readonly status: StatusBoard;
  readonly checkpoint: CheckpointKeeper;
  /** Goes on when the session ends. */
  readonly headroom: HeadroomKeeper;
  readonly conflicts: ConflictWatch;
  /** Targets by collection name. */
  readonly targets: Map<string, Target>;
}

/** The lead of a generation: it works on the jobs. */
export interface PartitionContext extends TurnContext {
  readonly ledger: JobLedger;
}

/** The connector's namespace of a collection: `database.collection`. */
export function namespaceOf(context: { readonly connector: Connector }, collection: string): string {
  return `${context.connector.config.source.database}.${collection}`;
}
