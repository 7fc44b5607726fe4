import { hasCode, systemClock, throwIfAborted, type Clock } from '@lockstep/core';
import { DocumentStore, stateAlias, type ElasticClient, type StoredDocument } from '@lockstep/elastic';
import type { JobDocument } from '../documents/job-document.js';
import { reapingDecision, type JobRetentionLimits } from './reapable-jobs.js';

const PAGE_DOCS = 500;

/** Removes finished jobs that nobody needs any more. Jobs that are not over stay, whatever their age. */
export class JobRetention {
  private readonly documents: DocumentStore<JobDocument>;

  constructor(
    client: ElasticClient,
    prefix: string,
    private readonly clock: Clock = systemClock,
  ) {
    this.documents = new DocumentStore(client, stateAlias(prefix, 'jobs'));
  }

  /**
   * @returns how many jobs were removed
   * @throws LockstepError JOB_ABORTED when the signal is aborted; what is removed by then stays removed
   */
  async reap(limits: JobRetentionLimits, signal?: AbortSignal): Promise<number> {
    const isReapable = reapingDecision(limits, this.clock.nowMs());
    let removed = 0;
    let after: readonly unknown[] | null = [];
    while (after !== null) {
      const page = await this.finished(after);
      for (const document of page.documents) {
        throwIfAborted(signal);
        if (isReapable(document.source) && (await this.remove(document))) removed += 1;
      }
      after = page.documents.length < PAGE_DOCS ? null : page.lastSort;
    }
    return removed;
  }

  private finished(after: readonly unknown[]): ReturnType<DocumentStore<JobDocument>['search']> {
    return this.documents.search({
      query: { terms: { state: ['completed', 'failed', 'canceled'] } },
      sort: [{ createdAt: 'desc' }, { id: 'desc' }],
      size: PAGE_DOCS,
      ...(after.length === 0 ? {} : { searchAfter: after }),
    });
  }

  private async remove(document: StoredDocument<JobDocument>): Promise<boolean> {
    try {
      return await this.documents.delete(document);
    } catch (error) {
      // Written since the search: the next round judges it anew.
      if (hasCode(error, 'CONFIG_VERSION_CONFLICT')) return false;
      throw error;
    }
  }
}
