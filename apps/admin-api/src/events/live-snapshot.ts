import type { RecentChange } from '@lockstep/contracts';
import type { ShownConnector } from '../connectors/connector-reader.js';
import type { JobView } from '../jobs/job-view.js';
import type { WorkerView } from '../workers/worker-view.js';

/** A change with the worker that told it; `sequence` grows within one life of that worker. */
export interface ShownChange extends RecentChange {
  readonly workerId: string;
}

export interface ShownLag {
  readonly connectorId: string;
  readonly jobId: string;
  /** How far behind the source, milliseconds. */
  readonly lagMs: number;
  /** How much history the source keeps beyond our position, milliseconds; null where it is not known. */
  readonly headroomMs: number | null;
  /** Time that the oplog spans when it is full, milliseconds; null likewise. */
  readonly windowMs: number | null;
  readonly ratePerSecond: number | null;
  /** When the worker measured it, ISO 8601, UTC. */
  readonly at: string;
}

/** Everything that is shown live, as of one look at the state. */
export interface LiveSnapshot {
  readonly connectors: readonly ShownConnector[];
  readonly jobs: readonly JobView[];
  readonly workers: readonly WorkerView[];
  /** Oldest first. */
  readonly changes: readonly ShownChange[];
  readonly lags: readonly ShownLag[];
}

export const EMPTY_SNAPSHOT: LiveSnapshot = { connectors: [], jobs: [], workers: [], changes: [], lags: [] };
