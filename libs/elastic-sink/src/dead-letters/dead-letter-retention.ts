import { removeMatching, stateAlias, type ElasticClient } from '@lockstep/elastic';

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
   * @param limits `nowMs` is Unix time, milliseconds
   * @returns how many were removed
   * @throws LockstepError JOB_ABORTED, or a classified failure of the request
   */
  reap(limits: { readonly maxAgeMs: number; readonly nowMs: number }, signal: AbortSignal): Promise<number> {
    const closedAt = { lt: new Date(limits.nowMs - limits.maxAgeMs).toISOString() };
    const query = { bool: { filter: [{ terms: { state: ['resolved', 'discarded'] } }, { range: { closedAt } }] } };
    return removeMatching({ client: this.client, alias: this.alias, query, signal });
  }
}
