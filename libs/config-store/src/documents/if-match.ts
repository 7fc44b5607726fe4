import { LockstepError } from '@lockstep/core';

/** Whether an `If-Match` value (`*`, `"tag"`, `W/"tag"`, a bare tag, or a list) names the ETag; absent always does. */
export function matchesIfMatch(ifMatch: string | undefined, etag: string | undefined): boolean {
  if (ifMatch === undefined) return true;
  const tags = ifMatch.split(',').map((tag) =>
    tag
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1'),
  );
  return etag !== undefined && (tags.includes('*') || tags.includes(etag));
}

/** @throws LockstepError API_PRECONDITION_FAILED */
export function checkIfMatch(ifMatch: string | undefined, etag: string | undefined): void {
  if (!matchesIfMatch(ifMatch, etag)) throw new LockstepError('API_PRECONDITION_FAILED');
}
