import { LockstepError } from '@lockstep/core';

/** The header value of an entity tag. */
export const quoteEtag = (etag: string): string => `"${etag}"`;

/**
 * Checks an optional `If-Match` against the tag that the document has now.
 * @returns the tag that the write has to name; undefined when the caller set no condition on the content
 * @throws LockstepError API_PRECONDITION_FAILED when none of the tags is the current one
 */
export function checkIfMatch(header: string | undefined, current: string): string | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const tags = header.split(',').map((tag) => tag.trim());
  // A weak tag never matches here (RFC 9110, 13.1.1).
  if (tags.includes(quoteEtag(current))) return current;
  throw new LockstepError('API_PRECONDITION_FAILED');
}
