import type { StoredPosition } from '@lockstep/contracts';
import {
  clusterTime,
  type ClusterTime,
  formatClusterTime,
  LockstepError,
  parseClusterTime,
  parseResumeToken,
} from '@lockstep/core';
import { isoTimeMs } from '../http/iso-time.js';

/** What a caller may name; exactly one of the two. */
export interface PositionInput {
  /** ISO 8601, or a cluster time as `<seconds>.<increment>`. */
  readonly time?: string;
  /** Hex text of `_data` of a resume token. */
  readonly token?: string;
}

/** Versions are made of cluster times from 2^30 seconds (January 2004) on. */
const FIRST_SECOND = 2 ** 30;

/**
 * The position that a request names. A time means the first change of its second.
 * @param nowMs wall clock: what is still to come cannot be read from
 * @throws LockstepError API_REQUEST_INVALID
 */
export function positionOf({ time, token }: PositionInput, nowMs: number): StoredPosition {
  if ((time === undefined) === (token === undefined)) throw invalid('', 'name either time or token');
  if (token !== undefined) {
    const parsed = parseResumeToken(token);
    if (parsed === undefined) throw invalid('/token', 'must be the hex text of `_data` of a resume token');
    return stored(parsed.time, parsed.token, { pointer: '/token', nowMs });
  }
  const parsed = parseTime(time ?? '');
  if (parsed === undefined) throw invalid('/time', 'must be an ISO 8601 time or <seconds>.<increment>');
  return stored(parsed, null, { pointer: '/time', nowMs });
}

function parseTime(text: string): ClusterTime | undefined {
  const exact = parseClusterTime(text);
  if (exact !== undefined) return exact;
  const ms = isoTimeMs(text);
  return ms === undefined ? undefined : clusterTime(Math.floor(ms / 1_000), 0);
}

function stored(
  time: ClusterTime,
  token: string | null,
  { pointer, nowMs }: { readonly pointer: string; readonly nowMs: number },
): StoredPosition {
  if (time > clusterTime(Math.ceil(nowMs / 1_000), 0xffff_ffff)) throw invalid(pointer, 'must not be in the future');
  if (time < clusterTime(FIRST_SECOND, 0)) throw invalid(pointer, 'is before any change history');
  return { h: formatClusterTime(time), token, startAfter: false };
}

function invalid(pointer: string, message: string): LockstepError {
  const fields = [{ pointer, code: 'API_REQUEST_INVALID', message }];
  return new LockstepError('API_REQUEST_INVALID', `Not valid: ${pointer === '' ? message : pointer}.`, { fields });
}
