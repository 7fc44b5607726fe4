import { formatClusterTime, LockstepError, maxClusterTime, minClusterTime, parseClusterTime } from '@lockstep/core';
import type { ClusterTime } from '@lockstep/core';
import type { StoredPosition, StreamStart } from '@lockstep/contracts';

/** Where a partition stands in the source's history, as the running engine holds it. */
export interface Position {
  /** Lower bound of every read of a turn. Never lowered. */
  readonly h: ClusterTime;
  /** Everything up to this token is acknowledged; null until the first acknowledged batch. */
  readonly token: string | null;
  readonly startAfter: boolean;
  /** Of the newest change of a document that is acknowledged; null until there is one. */
  readonly newestChange: ClusterTime | null;
}

/** What of a change batch moves the position. */
export interface Acknowledged {
  readonly token: string;
  readonly tokenTime: ClusterTime;
  readonly operationTime: ClusterTime;
  /** The batch ended with an invalidate: only `startAfter` opens a stream behind it. */
  readonly isInvalidated: boolean;
  /** Of the newest change of a document on the way to the token; null when there was none. */
  readonly newestChange: ClusterTime | null;
}

export function initialPosition(h: ClusterTime): Position {
  return { h, token: null, startAfter: false, newestChange: null };
}

/**
 * The position after everything up to the batch's token is acknowledged. H is lifted to what both the
 * token and the server's own clock have passed: a token of a quiet server can be a tick ahead of it, and
 * a read at such a time would be refused.
 */
export function acknowledge(position: Position, batch: Acknowledged): Position {
  const reached = minClusterTime(batch.tokenTime, batch.operationTime);
  // Until the source has something newer, replies carry the token of the invalidate on and on.
  const isStillBehind = position.startAfter && batch.token === position.token;
  const startAfter = batch.isInvalidated || isStillBehind;
  const newestChange = batch.newestChange ?? position.newestChange;
  return { h: maxClusterTime(position.h, reached), token: batch.token, startAfter, newestChange };
}

export function streamStart(position: Position): StreamStart {
  if (position.token === null) return { kind: 'at', time: position.h };
  return { kind: position.startAfter ? 'startAfter' : 'resumeAfter', token: position.token };
}

export function storePosition(position: Position): StoredPosition {
  const { h, token, startAfter, newestChange } = position;
  const stored = { h: formatClusterTime(h), token, startAfter };
  return newestChange === null ? stored : { ...stored, newestChange: formatClusterTime(newestChange) };
}

/** @throws LockstepError STATE_CORRUPT when the stored position cannot be read. Never "start from now". */
export function loadPosition(stored: StoredPosition): Position {
  const h = typeof stored.h === 'string' ? parseClusterTime(stored.h) : undefined;
  const isTokenSound = stored.token === null || (typeof stored.token === 'string' && stored.token.length > 0);
  if (h === undefined || !isTokenSound) throw new LockstepError('STATE_CORRUPT');
  const newestChange = stored.newestChange === undefined ? null : parseClusterTime(stored.newestChange);
  if (newestChange === undefined) throw new LockstepError('STATE_CORRUPT');
  return { h, token: stored.token, startAfter: stored.startAfter, newestChange };
}
