import type { Job, JobProgress, PartitionState } from '@lockstep/contracts';
import { NO_COUNTERS, NO_PROGRESS } from '@lockstep/contracts';
import { etagOf, type StoredDocument } from '@lockstep/elastic';
import type { NewJob } from './new-job.js';

/** A job as it is stored: everything but the ETag, which is the document's own. */
export interface JobDocument extends Omit<Job, 'etag'> {
  /** Version of this shape. */
  readonly schema: PartitionState['schema'];
  /**
   * Token of the lease whose holder has taken the job up: no other holder writes to it. Absent until one has, and in
   * documents of older versions. It is no part of the job.
   */
  readonly takenUpBy?: string;
}

/** What jobs of older versions do not have. */
const UNBRAKED: Pick<Job, 'heldCollections' | 'confirmedCollections'> = {
  heldCollections: [],
  confirmedCollections: [],
};

export function toJob(stored: StoredDocument<JobDocument>): Job {
  const { schema: _schema, takenUpBy: _takenUpBy, ...job } = stored.source;
  // Jobs of older versions do not have it.
  const headroom = (job.progress as Partial<JobProgress>).headroom ?? null;
  return { ...UNBRAKED, ...job, progress: { ...job.progress, headroom }, etag: etagOf(stored) };
}

/** @param before as it is stored: who has taken it up stays as it is */
export function toJobDocument(job: Job, { takenUpBy }: Pick<JobDocument, 'takenUpBy'> = {}): JobDocument {
  const { etag: _etag, ...document } = job;
  return { schema: 1, ...document, ...(takenUpBy === undefined ? {} : { takenUpBy }) };
}

/** The document of a job that nobody has begun yet. */
export function newJobDocument(id: string, input: NewJob, nowIso: string): JobDocument {
  return {
    schema: 1,
    id,
    type: input.type,
    connectorId: input.connectorId,
    connectorName: input.connectorName,
    state: 'pending',
    condition: null,
    progress: NO_PROGRESS,
    counters: NO_COUNTERS,
    error: null,
    requestedBy: input.requestedBy,
    confirmed: false,
    heldCollections: [],
    confirmedCollections: [],
    collections: input.collections ?? null,
    mode: input.mode ?? null,
    createdAt: nowIso,
    startedAt: null,
    finishedAt: null,
    updatedAt: nowIso,
  };
}
