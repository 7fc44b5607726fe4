import { LockstepError } from '@lockstep/core';

export interface PageRequest {
  /** @defaultValue 50 */
  readonly pageSize?: number | undefined;
  /** `nextPageToken` of the page before. */
  readonly pageToken?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly nextPageToken: string | null;
}

const DEFAULT_PAGE_SIZE = 50;
export const MAX_PAGE_SIZE = 500;
const MAX_TOKEN_LENGTH = 1_024;

/** @throws LockstepError API_REQUEST_INVALID when the size is not from 1 to 500 */
export function pageSizeOf({ pageSize = DEFAULT_PAGE_SIZE }: PageRequest): number {
  if (Number.isInteger(pageSize) && pageSize >= 1 && pageSize <= MAX_PAGE_SIZE) return pageSize;
  throw new LockstepError('API_REQUEST_INVALID', `pageSize must be from 1 to ${String(MAX_PAGE_SIZE)}`, {
    fields: [
      { pointer: '/pageSize', code: 'API_REQUEST_INVALID', message: `must be from 1 to ${String(MAX_PAGE_SIZE)}` },
    ],
  });
}

export function encodePageToken(last: string): string {
  return Buffer.from(JSON.stringify([last])).toString('base64url');
}

function decode(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * The sort value after which the page begins; undefined for the first page.
 * @throws LockstepError API_REQUEST_INVALID when it is no token of ours
 */
export function decodePageToken({ pageToken }: PageRequest): string | undefined {
  if (pageToken === undefined || pageToken === '') return undefined;
  const decoded = pageToken.length <= MAX_TOKEN_LENGTH ? decode(pageToken) : undefined;
  const [last, ...more] = Array.isArray(decoded) ? (decoded as readonly unknown[]) : [];
  if (typeof last === 'string' && more.length === 0) return last;
  throw new LockstepError('API_REQUEST_INVALID', 'pageToken is not valid', {
    fields: [{ pointer: '/pageToken', code: 'API_REQUEST_INVALID', message: 'is not valid' }],
  });
}
