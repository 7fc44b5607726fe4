import { throwIfAborted } from '@lockstep/core';
import { classifyElasticError, stateAlias, type ElasticClient } from '@lockstep/elastic';

const PAGE_DOCS = 1_000;

/** Removes dead letters that were resolved or discarded long ago. Open ones stay as long as their connector. */
export class DeadLetterRetention {
  private readonly alias: string;

  constructor(
    private readonly client: ElasticClient,
    prefix: string,
  ) {
    this.alias = stateAlias(prefix, 'dead-letters');
  }

  /**
   * @param nowMs Unix time, milliseconds
   * @returns how many were removed
   * @throws LockstepError JOB_ABORTED, or a classified failure of the request
   */
  async reap(limits: { readonly maxAgeMs: number; readonly nowMs: number }, signal: AbortSignal): Promise<number> {
    const before = new Date(limits.nowMs - limits.maxAgeMs).toISOString();
    let removed = 0;
    for (;;) {
      throwIfAborted(signal);
      const found = await this.page(before, signal);
      const done = found.length === 0 ? 0 : await this.remove(found, signal);
      removed += done;
      // What changed in between has its turn in the next round.
      if (done === 0) return removed;
    }
  }

  private async page(before: string, signal: AbortSignal): Promise<readonly object[]> {
    try {
      const query = { bool: { filter: [{ terms: { state: ['resolved', 'discarded'] } }, closedBefore(before)] } };
      const request = { index: this.alias, query, size: PAGE_DOCS, _source: false, seq_no_primary_term: true };
      const { hits } = await this.client.search(request, { signal });
      return hits.hits.map((hit) => ({
        delete: { _id: hit._id, if_seq_no: hit._seq_no, if_primary_term: hit._primary_term },
      }));
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async remove(operations: readonly object[], signal: AbortSignal): Promise<number> {
    try {
      const request = { index: this.alias, require_alias: true, operations: [...operations], refresh: true };
      const { items } = await this.client.bulk(request, { signal });
      return items.filter((item) => item.delete?.result === 'deleted').length;
    } catch (error) {
      throw classifyElasticError(error);
    }
  }
}

const closedBefore = (time: string): object => ({ range: { closedAt: { lt: time } } });
