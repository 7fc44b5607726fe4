import type { JobCounters, JobProgress } from '../jobs/job.js';

/** A worker's heartbeat document. */
export interface WorkerHeartbeat {
  /** `wrk_` + 26 sortable characters, new at every process start unless configured. */
  readonly id: string;
  readonly incarnation: string;
  readonly version: string;
  readonly host: string;
  readonly pid: number;
  /** Partitions held, as `<connectorId>:<generation>:<partition>`. */
  readonly partitions: readonly string[];
  readonly rssBytes: number;
  /** Grows by one at every beat; its movement, not its time, is the sign of life. */
  readonly beat: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly beatAt: string;
}

/** One entry of the ring of latest changes: no body, ever. */
export interface RecentChange {
  readonly operation: 'insert' | 'update' | 'replace' | 'delete' | 'drop' | 'rename' | 'invalidate';
  readonly connectorId: string;
  readonly namespace: string;
  /** Elasticsearch id of the document; null for drop, rename, invalidate. */
  readonly id: string | null;
  /** ISO 8601, UTC, of the change in the source (one-second precision of its cluster time). */
  readonly at: string;
  /** Grows by one per entry within a worker's life. */
  readonly sequence: number;
}

export interface LiveJob {
  readonly jobId: string;
  readonly connectorId: string;
  readonly type: 'bulk_sync' | 'stream_sync';
  readonly progress: JobProgress;
  readonly counters: JobCounters;
}

/** What a worker writes at most once a second, only on change, for the API to show. */
export interface WorkerLive {
  readonly workerId: string;
  readonly incarnation: string;
  readonly jobs: readonly LiveJob[];
  /** The last 100 changes, oldest first. */
  readonly changes: readonly RecentChange[];
  readonly updatedAt: string;
}
