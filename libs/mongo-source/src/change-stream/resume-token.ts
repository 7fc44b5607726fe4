import { clusterTime, LockstepError, type ClusterTime } from '@lockstep/core';
import { ElementCursor } from '../bson/element-cursor.js';

/** Key-string type byte of a Timestamp, with which every token begins. */
const TIMESTAMP_TYPE = '82';
const TOKEN_HEAD = /^82([0-9A-Fa-f]{8})([0-9A-Fa-f]{8})/;

/**
 * Cluster time of a resume token: `_data` is the hex of a key string that begins with `82`, then seconds and
 * increment, big-endian (mongo/src/mongo/db/pipeline/resume_token.cpp; the same from 4.2 to 8.0).
 * @param token BSON document of the token
 * @throws LockstepError SOURCE_POSITION_INVALID when it is not of that form
 */
export function resumeTokenTime(token: Buffer): ClusterTime {
  const match = TOKEN_HEAD.exec(tokenData(token) ?? '');
  if (match === null) {
    throw new LockstepError(
      'SOURCE_POSITION_INVALID',
      `reading a resume token: it does not begin with ${TIMESTAMP_TYPE}`,
    );
  }
  return clusterTime(Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16));
}

/** The bytes of a stored token. @throws LockstepError SOURCE_POSITION_INVALID when they are no BSON document */
export function decodeResumeToken(text: string): Buffer {
  const token = Buffer.from(text, 'base64');
  if (token.length < 5 || token.readInt32LE(0) !== token.length) {
    throw new LockstepError('SOURCE_POSITION_INVALID', 'reading a resume token: it is not a BSON document');
  }
  return token;
}

function tokenData(token: Buffer): string | null {
  try {
    const elements = new ElementCursor(token, 0);
    while (elements.next()) if (elements.name === '_data') return elements.string();
  } catch {
    // Not BSON: the same answer as for a document without `_data`.
  }
  return null;
}
