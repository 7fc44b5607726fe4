import { LockstepError } from '@lockstep/core';
import { etagOf, type StoredDocument } from '@lockstep/elastic';
import type { JobDocument } from './job-document.js';

/** What a write of a job depends on. One that an operator asks for depends on nothing. */
export interface JobCondition {
  /** Token of the lease under which the writer has taken the job up: nobody else has since. */
  readonly lease?: string;
  /** ETag of the job that the writer has decided on: it is still the same. */
  readonly etag?: string;
}

/**
 * Looked at with every reading of a job, between the reading and the write that names what was read: whoever was stalled
 * in between is refused by one or the other. Pure.
 * @throws LockstepError JOB_LEASE_LOST, CONFIG_VERSION_CONFLICT
 */
export function assertCondition(stored: StoredDocument<JobDocument>, { lease, etag }: JobCondition): void {
  if (lease !== undefined && stored.source.takenUpBy !== lease) {
    throw new LockstepError('JOB_LEASE_LOST', `the job ${stored.id} is in the hands of another holder`);
  }
  if (etag !== undefined && etagOf(stored) !== etag) {
    throw new LockstepError('CONFIG_VERSION_CONFLICT', `the job ${stored.id} has changed`);
  }
}
