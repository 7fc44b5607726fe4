import { LockstepError } from '@lockstep/core';

/** Where a page of jobs ended: creation time in milliseconds, id. */
export type JobCursor = readonly [createdAtMs: number, id: string];

const MAX_TOKEN_CHARACTERS = 256;
const JOB_ID = /^[\w:.-]{1,64}$/;

export function encodePageToken(cursor: JobCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/**
 * Reads a token that the API gave out. What comes from outside is checked to the last field, as it
 * goes on to Elasticsearch.
 * @throws LockstepError API_REQUEST_INVALID
 */
export function decodePageToken(token: string): JobCursor {
  const value = parse(token);
  if (!Array.isArray(value) || value.length !== 2) throw invalid();
  const [createdAtMs, id] = value as unknown[];
  if (!Number.isSafeInteger(createdAtMs) || typeof id !== 'string' || !JOB_ID.test(id)) throw invalid();
  return [createdAtMs as number, id];
}

function parse(token: string): unknown {
  if (token.length > MAX_TOKEN_CHARACTERS) throw invalid();
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch (error) {
    throw invalid(error);
  }
}

function invalid(cause?: unknown): LockstepError {
  const message = 'is not a page token of this list; leave it out to begin at the first page';
  return new LockstepError('API_REQUEST_INVALID', `pageToken ${message}`, {
    cause,
    fields: [{ pointer: '/pageToken', code: 'API_REQUEST_INVALID', message }],
  });
}
