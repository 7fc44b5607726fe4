import type { Job, JobType, ResyncMode } from '@lockstep/contracts';

/** What is asked of the job manager when a run of work is to begin. */
export interface NewJob {
  /** Chosen by the caller where the creation may be repeated (`newJobId`); else made by the store. */
  readonly id?: string;
  readonly type: JobType;
  readonly connectorId: string;
  readonly connectorName: string;
  readonly requestedBy: Job['requestedBy'];
  /** Namespaces to resync; null or absent is all of the connector. */
  readonly collections?: readonly string[] | null;
  readonly mode?: ResyncMode | null;
}
