import type { Job, JobState, JobType } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { StoreSearchRequest } from '@lockstep/elastic';
import { decodePageToken, encodePageToken } from './page-token.js';

/** Which jobs to list, newest first. */
export interface JobQuery {
  readonly connectorId?: string;
  readonly type?: JobType;
  readonly state?: JobState | readonly JobState[];
  /** 1 … 200. @defaultValue 50 */
  readonly pageSize?: number;
  /** `nextPageToken` of the page before. */
  readonly pageToken?: string;
}

export interface JobPage {
  readonly items: readonly Job[];
  /** Null on the last page. */
  readonly nextPageToken: string | null;
}

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;

/** @throws LockstepError API_REQUEST_INVALID when it is not a whole number of 1 … 200. */
export function pageSizeOf(query: JobQuery): number {
  const size = query.pageSize ?? DEFAULT_PAGE_SIZE;
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_SIZE) return size;
  const message = `must be a whole number from 1 to ${MAX_PAGE_SIZE}`;
  throw new LockstepError('API_REQUEST_INVALID', `pageSize ${message}`, {
    fields: [{ pointer: '/pageSize', code: 'API_REQUEST_INVALID', message }],
  });
}

/**
 * The search for one page and one job more, by which it is known whether another page follows.
 * @throws LockstepError API_REQUEST_INVALID for a bad page size or token.
 */
export function jobSearch(query: JobQuery): StoreSearchRequest {
  const filter: object[] = [];
  if (query.connectorId !== undefined) filter.push({ term: { connectorId: query.connectorId } });
  if (query.type !== undefined) filter.push({ term: { type: query.type } });
  if (query.state !== undefined) filter.push({ terms: { state: [query.state].flat() } });
  return {
    query: { bool: { filter } },
    sort: [{ createdAt: 'desc' }, { id: 'desc' }],
    size: pageSizeOf(query) + 1,
    ...(query.pageToken === undefined ? {} : { searchAfter: decodePageToken(query.pageToken) }),
  };
}

/** @param found what {@link jobSearch} found, in its order */
export function jobPage(found: readonly Job[], pageSize: number): JobPage {
  const items = found.slice(0, pageSize);
  const last = items.at(-1);
  if (found.length <= pageSize || last === undefined) return { items, nextPageToken: null };
  return { items, nextPageToken: encodePageToken([Date.parse(last.createdAt), last.id]) };
}
