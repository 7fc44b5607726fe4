import type { ErrorCode } from '@lockstep/core';
import type { Condition } from '../connectors/connector-state.js';

export type JobType = 'bulk_sync' | 'stream_sync';
export type JobState = 'pending' | 'running' | 'paused' | 'completed' | 'failed' | 'canceling' | 'canceled';

/** What has become of documents in one run; every counter only grows. */
export interface JobCounters {
  /** Writes of a document that Elasticsearch took. */
  readonly indexed: number;
  readonly deleted: number;
  /** Documents that did not need a write. */
  readonly skipped: number;
  readonly deadLettered: number;
  /** Items that were sent again. */
  readonly retried: number;
  /** Writes that found a newer version in the index: success, counted. */
  readonly conflicts: number;
}

export const NO_COUNTERS: JobCounters = {
  indexed: 0,
  deleted: 0,
  skipped: 0,
  deadLettered: 0,
  retried: 0,
  conflicts: 0,
};

export type JobPhase = 'starting' | 'scanning' | 'sweeping' | 'streaming' | 'done';

/** How long the source still keeps what the position needs. */
export interface OplogHeadroom {
  /** Time until the position is overwritten, were it to stand still, milliseconds; null where it is not known. */
  readonly headroomMs: number | null;
  /** Time that the oplog spans when it is full, at its average rate of writes, milliseconds; null likewise. */
  readonly windowMs: number | null;
  /** Why it is not known; null where it is. */
  readonly unknownCode: ErrorCode | null;
}

export interface JobProgress {
  readonly phase: JobPhase;
  /** Documents read so far (bulk sync) or changes applied so far (stream sync). */
  readonly done: number;
  /** Estimate of the documents to read; null where there is none. */
  readonly total: number | null;
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
  /** How far behind the source, milliseconds; null until known. */
  readonly lagMs: number | null;
  /** Null until it was looked for. */
  readonly headroom: OplogHeadroom | null;
}

/** Of a job that nobody has begun yet. */
export const NO_PROGRESS: JobProgress = {
  phase: 'starting',
  done: 0,
  total: null,
  ratePerSecond: null,
  etaSeconds: null,
  lagMs: null,
  headroom: null,
};

export interface JobError {
  readonly code: ErrorCode;
  readonly message: string;
}

/**
 * How a bulk sync that was asked for fills the targets. `inPlace`: the index that serves is read into again and swept.
 * `newGeneration`: an index of its own is filled beside the one that serves, then takes its place. `rollback`: the
 * generation that served before replays what it missed, then takes its place again.
 */
export type ResyncMode = 'inPlace' | 'newGeneration' | 'rollback';

/** A run of work, as `lockstep-jobs` keeps it. */
export interface Job {
  /** `job_` + 26 sortable characters. */
  readonly id: string;
  readonly type: JobType;
  readonly connectorId: string;
  readonly connectorName: string;
  readonly state: JobState;
  readonly condition: Condition | null;
  readonly progress: JobProgress;
  readonly counters: JobCounters;
  readonly error: JobError | null;
  /** Who asked for it: `api`; `system` for jobs that start by themselves; `policy` for resyncs that the connector's policy wants. */
  readonly requestedBy: 'api' | 'system' | 'policy';
  /** An operator has confirmed everything that the brake held. */
  readonly confirmed: boolean;
  /** Collections that the brake holds, until an operator confirms them. */
  readonly heldCollections: readonly string[];
  /** Collections of which a removal was confirmed: the brake lets them pass, until they are taken up anew. */
  readonly confirmedCollections: readonly string[];
  /** Namespaces to resync; null is all of the connector. */
  readonly collections: readonly string[] | null;
  /** Null for the first bulk sync of a connector and for stream syncs. */
  readonly mode: ResyncMode | null;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly updatedAt: string;
  readonly etag: string;
}
