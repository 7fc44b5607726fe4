import type { Job, JobProgress, PartitionState } from '@lockstep/contracts';
import { NO_COUNTERS, NO_PROGRESS } from '@lockstep/contracts';
import { etagOf, type StoredDocument } from '@lockstep/elastic';
import type { NewJob } from './new-job.js';

/** A job as it is stored: everything but the ETag, which is the document's own. */
export interface JobDocument extends Omit<Job, 'etag'> {
  /** Version of this shape. */
  readonly schema: PartitionState['schema'];
}

/** What jobs of older versions do not have. */
const UNBRAKED: Pick<Job, 'heldCollections' | 'confirmedCollections'> = {
  heldCollections: [],
  confirmedCollections: [],
};

export function toJob(stored: StoredDocument<JobDocument>): Job {
  const { schema: _schema, ...job } = stored.source;
  // Jobs of older versions do not have it.
  const headroom = (job.progress as Partial<JobProgress>).headroom ?? null;
  return { ...UNBRAKED, ...job, progress: { ...job.progress, headroom }, etag: etagOf(stored) };
}

export function toJobDocument(job: Job): JobDocument {
  const { etag: _etag, ...document } = job;
  return { schema: 1, ...document };
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
