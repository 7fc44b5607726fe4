import type { ErrorCode } from '@lockstep/core';
import type { Condition, ObservedState } from '../connectors/connector-state.js';
import type { JobCounters, JobProgress, JobState, JobType, OplogHeadroom } from '../jobs/job.js';
import type { RecentChange } from '../workers/worker.js';

/**
 * What the code tells about itself. Subscribers turn these into logs, metrics and live documents; no
 * other code logs or counts. Events are facts in the past tense and carry no secret and no body.
 */
export type DomainEvent =
  | { readonly type: 'worker.started'; readonly workerId: string; readonly version: string }
  | { readonly type: 'worker.stopping'; readonly workerId: string; readonly reason: string }
  | { readonly type: 'heartbeat.failed'; readonly code: ErrorCode }
  | { readonly type: 'supervisor.failed'; readonly code: ErrorCode }
  | {
      readonly type: 'lease.claimed';
      readonly connectorId: string;
      readonly partition: string;
      readonly epoch: number;
      readonly isTakeover: boolean;
    }
  | {
      readonly type: 'lease.released';
      readonly connectorId: string;
      readonly partition: string;
      readonly epoch: number;
    }
  | { readonly type: 'lease.lost'; readonly connectorId: string; readonly partition: string; readonly epoch: number }
  | {
      readonly type: 'connector.observed';
      readonly connectorId: string;
      readonly partition: string;
      /** Of this partition. */
      readonly state: ObservedState;
      readonly conditions: readonly Condition[];
    }
  | {
      readonly type: 'job.changed';
      readonly connectorId: string;
      readonly jobId: string;
      readonly jobType: JobType;
      readonly state: JobState;
      readonly code: ErrorCode | null;
    }
  | {
      readonly type: 'job.progressed';
      readonly connectorId: string;
      readonly jobId: string;
      readonly jobType: JobType;
      readonly progress: JobProgress;
      readonly counters: JobCounters;
    }
  | {
      readonly type: 'collection.sampled';
      readonly connectorId: string;
      readonly namespace: string;
      readonly documents: number;
      readonly fields: number;
      /** Why the sample is smaller than it could be. */
      readonly code: ErrorCode | null;
      readonly durationMs: number;
    }
  | {
      readonly type: 'scan.turned';
      readonly connectorId: string;
      readonly namespace: string;
      readonly documents: number;
      readonly bytes: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'stream.batched';
      readonly connectorId: string;
      readonly changes: number;
      readonly documents: number;
      readonly bytes: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'session.failed';
      readonly connectorId: string;
      readonly code: ErrorCode;
      /** Names and codes of what stands behind it. */
      readonly detail: string | null;
    }
  | {
      readonly type: 'stream.stalled';
      readonly connectorId: string;
      /** How long the token stood still while the source went on, milliseconds. */
      readonly stillMs: number;
      /** Times the stream was opened anew since its token moved, this one included. */
      readonly restarts: number;
    }
  | { readonly type: 'change.applied'; readonly change: Omit<RecentChange, 'sequence'> }
  | {
      readonly type: 'bulk.answered';
      readonly connectorId: string;
      readonly items: number;
      readonly bytes: number;
      readonly durationMs: number;
      readonly indexed: number;
      readonly deleted: number;
      readonly conflicts: number;
      readonly deadLettered: number;
      readonly retried: number;
    }
  | {
      readonly type: 'checkpoint.saved';
      readonly connectorId: string;
      readonly partition: string;
      readonly durationMs: number;
    }
  | {
      readonly type: 'lag.measured';
      readonly connectorId: string;
      readonly partition: string;
      /** Null when there is nothing to be told any more. */
      readonly lagMs: number | null;
    }
  | {
      readonly type: 'headroom.measured';
      readonly connectorId: string;
      readonly partition: string;
      /** Null when there is nothing to be told any more. */
      readonly headroom: OplogHeadroom | null;
    }
  | {
      readonly type: 'conversion.noted';
      readonly connectorId: string;
      readonly namespace: string;
      readonly notes: Readonly<Record<string, number>>;
    }
  | {
      readonly type: 'sweep.finished';
      readonly connectorId: string;
      readonly namespace: string;
      readonly walked: number;
      readonly removed: number;
      /** Documents that are left where they are, because nothing tells their `_id`. */
      readonly undecided: number;
      readonly durationMs: number;
    };

/** Where domain events go. */
export interface EventSink {
  emit(event: DomainEvent): void;
}
