import { LockstepError, systemClock, type Clock } from '@lockstep/core';
import {
  classifyElasticError,
  DocumentStore,
  removeMatching,
  stateAlias,
  type ElasticClient,
  type StoredDocument,
  type StorePage,
} from '@lockstep/elastic';
import { changeLetters } from './change-letters.js';
import type { DeadLetter } from './dead-letter.js';
import { letterQuery, type DeadLetterFilter } from './letter-query.js';

export interface DeadLetterPage {
  readonly items: readonly DeadLetter[];
  readonly nextPageToken: string | null;
}

/** Why a dead letter is given up, and who decided. */
export interface DiscardDecision {
  readonly reason: string | null;
  readonly by: string;
}

export interface DeadLetterStats {
  readonly open: number;
  /** Most frequent causes of open dead letters, largest first. */
  readonly byErrorType: readonly { readonly errorType: string; readonly count: number }[];
}

const DEFAULT_PAGE_DOCS = 50;
const MAX_PAGE_DOCS = 1_000;
const TOP_CAUSES = 10;
/** A dead letter can hold a body of a mebibyte. */
const WALK_DOCS = 50;

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
      query: letterQuery(filter),
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
  async discard(id: string, discard: DiscardDecision): Promise<DeadLetter> {
    const current = await this.read(id);
    if (current.source.state === 'discarded') return current.source;
    if (current.source.state === 'resolved') {
      throw new LockstepError('JOB_STATE_CONFLICT', 'the dead letter is resolved: the document is in the index');
    }
    const discarded: DeadLetter = { ...current.source, ...this.discardedNow(discard) };
    await this.store.replace(current, discarded, { refresh: true });
    return discarded;
  }

  /** Gives every open dead letter of the filter up. @returns how many */
  discardAll(filter: Omit<DeadLetterFilter, 'state'>, discard: DiscardDecision): Promise<number> {
    const { client, alias } = this;
    return changeLetters({ client, alias, query: letterQuery(filter), change: this.discardedNow(discard) });
  }

  /**
   * Asks that the document is read from the source and written again. Whoever holds the partition does it.
   * @throws LockstepError DEAD_LETTER_UNKNOWN, JOB_STATE_CONFLICT when it is not open, CONFIG_VERSION_CONFLICT
   */
  async requestRetry(id: string, by: string): Promise<DeadLetter> {
    const current = await this.read(id);
    const { state, retry } = current.source;
    if (state !== 'open') throw new LockstepError('JOB_STATE_CONFLICT', `the dead letter is ${state}, not open`);
    if (retry !== undefined && retry !== null) return current.source;
    const marked: DeadLetter = { ...current.source, ...this.retryNow(by) };
    await this.store.replace(current, marked, { refresh: true });
    return marked;
  }

  /** The same for every open dead letter of the filter. @returns how many are newly marked */
  requestRetryAll(filter: Omit<DeadLetterFilter, 'state'>, by: string): Promise<number> {
    const { client, alias } = this;
    const unmarked = { bool: { must_not: [{ exists: { field: 'retry.requestedAt' } }] } };
    const query = { bool: { filter: [letterQuery(filter), unmarked] } };
    return changeLetters({ client, alias, query, change: this.retryNow(by) });
  }

  /** All of a filter in the order of their ids, page by page, in bounded memory. */
  async *walk(filter: DeadLetterFilter): AsyncGenerator<readonly DeadLetter[]> {
    let after: readonly unknown[] | null = null;
    do {
      const page: StorePage<DeadLetter> = await this.store.search({
        query: letterQuery(filter),
        sort: [{ id: 'asc' }],
        size: WALK_DOCS,
        ...(after === null ? {} : { searchAfter: after }),
      });
      if (page.documents.length > 0) yield page.documents.map(({ source }) => source);
      after = page.lastSort;
    } while (after !== null);
  }

  async stats(connectorId: string): Promise<DeadLetterStats> {
    const query = letterQuery({ connectorId });
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

  /**
   * How many are open, of several connectors in one request; up to a second old.
   * @param connectorIds at most 10 000
   * @param except numbers of generations that are left out, by connector
   * @returns a count for each of the ids, 0 included
   */
  async openCounts(
    connectorIds: readonly string[],
    except: ReadonlyMap<string, readonly number[]>,
  ): Promise<ReadonlyMap<string, number>> {
    const counts = new Map(connectorIds.map((id) => [id, 0]));
    if (counts.size === 0) return counts;
    const leftOut = [...except].map(([connectorId, generations]) => ({
      bool: { filter: [{ term: { connectorId } }, { terms: { generation: [...generations] } }] },
    }));
    const filter = [{ term: { state: 'open' } }, { terms: { connectorId: [...counts.keys()] } }];
    try {
      const answer = await this.client.search<never, { open: { buckets: { key: string; doc_count: number }[] } }>({
        index: this.alias,
        size: 0,
        query: { bool: { filter, must_not: leftOut } },
        aggs: { open: { terms: { field: 'connectorId', size: counts.size } } },
      });
      for (const bucket of answer.aggregations?.open.buckets ?? []) counts.set(bucket.key, bucket.doc_count);
      return counts;
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  /** Removes all dead letters of a connector, or of a generation, that is removed. */
  async deleteByConnector(connectorId: string, generation?: number): Promise<void> {
    const filter = [{ term: { connectorId } }, ...(generation === undefined ? [] : [{ term: { generation } }])];
    await removeMatching({ client: this.client, alias: this.alias, query: { bool: { filter } } });
  }

  private discardedNow({ by, reason }: DiscardDecision): Partial<DeadLetter> {
    const closedAt = new Date(this.clock.nowMs()).toISOString();
    const discarded = { state: 'discarded', closedAt, discardedBy: by, discardReason: reason } as const;
    return { ...discarded, body: null, reason: null, retry: null, note: null };
  }

  private retryNow(by: string): Partial<DeadLetter> {
    return { retry: { requestedAt: new Date(this.clock.nowMs()).toISOString(), requestedBy: by }, note: null };
  }

  private async read(id: string): Promise<StoredDocument<DeadLetter>> {
    const found = await this.store.get(id);
    if (found === undefined) throw new LockstepError('DEAD_LETTER_UNKNOWN');
    return found;
  }
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
