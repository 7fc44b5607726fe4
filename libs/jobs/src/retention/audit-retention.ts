import { removeMatching, stateAlias, type ElasticClient } from '@lockstep/elastic';

/** Removes old records of what was asked for, answers to keyed requests among them. */
export class AuditRetention {
  private readonly alias: string;

  constructor(
    private readonly client: ElasticClient,
    prefix: string,
  ) {
    this.alias = stateAlias(prefix, 'audit');
  }

  /**
   * @param limits `nowMs` is Unix time, milliseconds
   * @returns how many were removed
   * @throws LockstepError JOB_ABORTED, or a classified failure of the request
   */
  reap(limits: { readonly maxAgeMs: number; readonly nowMs: number }, signal: AbortSignal): Promise<number> {
    const query = { range: { at: { lt: new Date(limits.nowMs - limits.maxAgeMs).toISOString() } } };
    return removeMatching({ client: this.client, alias: this.alias, query, signal });
  }
}
