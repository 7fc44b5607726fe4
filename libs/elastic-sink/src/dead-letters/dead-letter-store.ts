import { LockstepError, systemClock, type Clock } from '@lockstep/core';
import {
  classifyElasticError,
  DocumentStore,
  stateAlias,
  type ElasticClient,
  type StoredDocument,
} from '@lockstep/elastic';
import type { DeadLetter, DeadLetterState } from './dead-letter.js';

export interface DeadLetterFilter {
  readonly connectorId: string;
  /** @defaultValue 'open' */
  readonly state?: DeadLetterState;
  readonly errorType?: string;
  readonly field?: string;
}

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  readonly nextPageToken: string | null;
}

export interface DeadLetterStats {
  readonly open: number;
  /** Most frequent causes of open dead letters, largest first. */
  readonly byErrorType: readonly { readonly errorType: string; readonly count: number }[];
}

const DEFAULT_PAGE_DOCS = 50;
const MAX_PAGE_DOCS = 1_000;
const TOP_CAUSES = 10;

/** Dead letters as operators see them. */
export class DeadLetterStore {
  private readonly store: DocumentStore<DeadLetter>;
  private readonly alias: string;

  constructor(
    private readonly client: ElasticClient,
    prefix: string,
    private readonly clock: Clock = systemClock,
  ) {
    this.alias = stateAlias(prefix, 'dead-letters');
    this.store = new DocumentStore(client, this.alias);
  }

  /**
   * Newest first.
   * @param filter `pageSize` 1 … 1 000 (50 when absent); `pageToken` from the page before
   * @throws LockstepError API_REQUEST_INVALID when the page token is not one of ours
   */
  async list(
    filter: DeadLetterFilter & { readonly pageSize?: number; readonly pageToken?: string },
  ): Promise<DeadLetterPage> {
    const size = Math.min(Math.max(filter.pageSize ?? DEFAULT_PAGE_DOCS, 1), MAX_PAGE_DOCS);
    const page = await this.store.search({
      query: queryOf(filter),
      sort: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
      size,
      ...(filter.pageToken === undefined ? {} : { searchAfter: decodePageToken(filter.pageToken) }),
    });
    const isFull = page.documents.length === size && page.lastSort !== null;
    return {
      items: page.documents.map((document) => document.source),
      nextPageToken: isFull ? Buffer.from(JSON.stringify(page.lastSort)).toString('base64url') : null,
    };
  }

  /** @throws LockstepError DEAD_LETTER_UNKNOWN */
  async get(id: string): Promise<DeadLetter> {
    return (await this.read(id)).source;
  }

  /**
   * Gives a document up: it stays out of the index until it changes. Content that was kept is removed.
   * @param discard why, and who decided
   * @throws LockstepError DEAD_LETTER_UNKNOWN, JOB_STATE_CONFLICT when it is resolved, CONFIG_VERSION_CONFLICT
   */
  async discard(id: string, discard: { readonly reason: string | null; readonly by: string }): Promise<DeadLetter> {
    const current = await this.read(id);
    if (current.source.state === 'discarded') return current.source;
    if (current.source.state === 'resolved') {
      throw new LockstepError('JOB_STATE_CONFLICT', 'the dead letter is resolved: the document is in the index');
    }
    const discarded: DeadLetter = {
      ...current.source,
      state: 'discarded',
      body: null,
      reason: null,
      closedAt: new Date(this.clock.nowMs()).toISOString(),
      discardedBy: discard.by,
      discardReason: discard.reason,
    };
    await this.store.replace(current, discarded, { refresh: true });
    return discarded;
  }

  async stats(connectorId: string): Promise<DeadLetterStats> {
    const query = queryOf({ connectorId });
    try {
      const [open, causes] = await Promise.all([
        this.store.count(query),
        this.client.search<never, { causes: { buckets: { key: string; doc_count: number }[] } }>({
          index: this.alias,
          size: 0,
          query,
          aggs: { causes: { terms: { field: 'errorType', size: TOP_CAUSES } } },
        }),
      ]);
      const buckets = causes.aggregations?.causes.buckets ?? [];
      return { open, byErrorType: buckets.map((bucket) => ({ errorType: bucket.key, count: bucket.doc_count })) };
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  /** Removes all dead letters of a connector that is removed. */
  async deleteByConnector(connectorId: string): Promise<void> {
    try {
      await this.client.indices.refresh({ index: this.alias });
      for (;;) {
        const page = await this.store.search({ query: { term: { connectorId } }, size: MAX_PAGE_DOCS });
        if (page.documents.length === 0) return;
        const operations = page.documents.map(({ id }) => ({ delete: { _id: id } }));
        await this.client.bulk({ index: this.alias, operations, refresh: true });
      }
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async read(id: string): Promise<StoredDocument<DeadLetter>> {
    const found = await this.store.get(id);
    if (found === undefined) throw new LockstepError('DEAD_LETTER_UNKNOWN');
    return found;
  }
}

function queryOf(filter: DeadLetterFilter): object {
  const terms: Record<string, string>[] = [{ connectorId: filter.connectorId }, { state: filter.state ?? 'open' }];
  if (filter.errorType !== undefined) terms.push({ errorType: filter.errorType });
  if (filter.field !== undefined) terms.push({ field: filter.field });
  return { bool: { filter: terms.map((term) => ({ term })) } };
}

function decodePageToken(token: string): readonly unknown[] {
  try {
    const sort: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(sort) && sort.length === 2) return sort;
  } catch {
    // Answered below like any other text that is not a token of ours.
  }
  throw new LockstepError('API_REQUEST_INVALID', 'the page token is not valid', {
    fields: [{ pointer: '/pageToken', code: 'invalid', message: 'use nextPageToken of the page before' }],
  });
}
