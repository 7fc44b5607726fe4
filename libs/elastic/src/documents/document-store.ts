import { LockstepError } from '@lockstep/core';
import type { ElasticClient } from '../client/create-elastic-client.js';
import { classifyElasticError, responseCode } from '../errors/classify-elastic-error.js';
import { readErrorBody } from '../errors/elastic-failure.js';
import type { StoredDocument } from './stored-document.js';

export interface StoreWriteOptions {
  /**
   * Wait until searches see the write.
   * @defaultValue false
   */
  readonly refresh?: boolean;
}

export interface StoreSearchRequest {
  readonly query?: object;
  readonly sort?: readonly object[];
  /** @defaultValue 100 */
  readonly size?: number;
  /** `lastSort` of the page before. */
  readonly searchAfter?: readonly unknown[];
}

export interface StorePage<T> {
  readonly documents: StoredDocument<T>[];
  /** Sort values of the last document; null when the page is empty. */
  readonly lastSort: unknown[] | null;
}

type StoredRef = Pick<StoredDocument<unknown>, 'id' | 'seqNo' | 'primaryTerm'>;

const DEFAULT_PAGE_DOCS = 100;

/**
 * Documents of our own state behind one alias. Decisions read by realtime GET and write by
 * compare-and-set; searches are for listing only, they may be a second old.
 *
 * Every write requires the alias, so that an index that was deleted never comes back with guessed
 * mappings. All methods throw coded errors of `classifyElasticError`.
 */
export class DocumentStore<T extends object> {
  constructor(
    private readonly client: ElasticClient,
    private readonly alias: string,
  ) {}

  /** The document as of now (not as of the last refresh); undefined when there is none. */
  async get(id: string, signal?: AbortSignal): Promise<StoredDocument<T> | undefined> {
    try {
      const { statusCode, body } = await this.client.get<T>(
        { index: this.alias, id },
        { meta: true, ignore: [404], ...(signal === undefined ? {} : { signal }) },
      );
      if (statusCode === 404) return absent(body, 'found', false);
      return {
        id: body._id,
        source: sourceOf(body._source),
        seqNo: body._seq_no ?? -1,
        primaryTerm: body._primary_term ?? -1,
      };
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  /** @throws LockstepError CONFIG_VERSION_CONFLICT when a document with this id exists. */
  create(id: string, source: T, options: StoreWriteOptions = {}): Promise<StoredDocument<T>> {
    return this.index(id, source, { op_type: 'create', ...refreshOf(options) });
  }

  /** @throws LockstepError CONFIG_VERSION_CONFLICT when the document is not as it was read. */
  replace(current: StoredRef, source: T, options: StoreWriteOptions = {}): Promise<StoredDocument<T>> {
    return this.index(current.id, source, {
      if_seq_no: current.seqNo,
      if_primary_term: current.primaryTerm,
      ...refreshOf(options),
    });
  }

  /** Writes without looking: for documents that have one writer. */
  put(id: string, source: T, options: StoreWriteOptions = {}): Promise<StoredDocument<T>> {
    return this.index(id, source, refreshOf(options));
  }

  /**
   * Deletes, by compare-and-set when `current` names what was read.
   * @returns false when there was no such document
   * @throws LockstepError CONFIG_VERSION_CONFLICT when the document is not as it was read.
   */
  async delete(
    current: { readonly id: string; readonly seqNo?: number; readonly primaryTerm?: number },
    options: StoreWriteOptions = {},
  ): Promise<boolean> {
    const request = {
      index: this.alias,
      id: current.id,
      ...(current.seqNo === undefined ? {} : { if_seq_no: current.seqNo }),
      ...(current.primaryTerm === undefined ? {} : { if_primary_term: current.primaryTerm }),
      ...refreshOf(options),
    };
    try {
      const { statusCode, body } = await this.client.delete(request, { meta: true, ignore: [404] });
      if (statusCode === 404) absent(body, 'result', 'not_found');
      return statusCode !== 404;
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  async search(request: StoreSearchRequest): Promise<StorePage<T>> {
    try {
      const answer = await this.client.search<T>({
        index: this.alias,
        query: request.query ?? { match_all: {} },
        sort: [...(request.sort ?? ['_doc'])] as never,
        size: request.size ?? DEFAULT_PAGE_DOCS,
        seq_no_primary_term: true,
        track_total_hits: false,
        ...(request.searchAfter === undefined ? {} : { search_after: [...request.searchAfter] as never }),
      });
      const documents = answer.hits.hits.map((hit) => ({
        id: hit._id ?? '',
        source: sourceOf(hit._source),
        seqNo: hit._seq_no ?? -1,
        primaryTerm: hit._primary_term ?? -1,
      }));
      return { documents, lastSort: answer.hits.hits.at(-1)?.sort ?? null };
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  async count(query?: object): Promise<number> {
    try {
      const answer = await this.client.count({ index: this.alias, ...(query === undefined ? {} : { query }) });
      return answer.count;
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async index(id: string, source: T, options: object): Promise<StoredDocument<T>> {
    try {
      const written = await this.client.index({
        index: this.alias,
        id,
        document: source,
        require_alias: true,
        ...options,
      });
      return { id: written._id, source, seqNo: written._seq_no ?? -1, primaryTerm: written._primary_term ?? -1 };
    } catch (error) {
      throw classifyElasticError(error);
    }
  }
}

function refreshOf(options: StoreWriteOptions): { refresh?: 'wait_for' } {
  return options.refresh === true ? { refresh: 'wait_for' } : {};
}

/** Sources of our own indices are never switched off. */
function sourceOf<T>(source: T | undefined): T {
  if (source === undefined) throw new LockstepError('CONFIG_SCHEMA_UNKNOWN', 'a stored document has no source');
  return source;
}

/**
 * A 404 means that the document is absent only where Elasticsearch says so: the index may be gone, or
 * something else may have answered, and "absent" would be acted upon.
 */
function absent(body: unknown, member: string, value: unknown): undefined {
  const isAbsent = typeof body === 'object' && body !== null && Reflect.get(body, member) === value;
  if (!isAbsent) throw new LockstepError(responseCode(404, readErrorBody(body).type));
  return undefined;
}
