import { Long, type Document, type Timestamp } from 'mongodb';
import { LockstepError, type ClusterTime } from '@lockstep/core';
import { ElementCursor } from '../bson/element-cursor.js';

/** One batch of a cursor, as the server sent it. */
export interface CursorReply {
  /** Zero when the server has closed the cursor. A Long: as a JS number it would be sent as a double. */
  readonly cursorId: Long;
  /** Holds the documents. */
  readonly source: Buffer;
  /** Start of document `i` at `2 i`, its end at `2 i + 1`: offsets in `source`. */
  readonly bounds: readonly number[];
  /** The BSON document of the post-batch resume token; null when the cursor has none. */
  readonly postBatchResumeToken: Buffer | null;
  readonly operationTime: ClusterTime;
}

export function documentCount(reply: CursorReply): number {
  return reply.bounds.length / 2;
}

/** Cluster time of a BSON Timestamp. */
export function clusterTimeOf(timestamp: Timestamp): ClusterTime {
  return BigInt.asUintN(64, timestamp.toBigInt());
}

/** @throws LockstepError SOURCE_READ_FAILED when the reply has none: there is no local clock to stand in for it. */
export function operationTimeOf(reply: Document): ClusterTime {
  const time = (reply as { operationTime?: Timestamp }).operationTime;
  if (time === undefined) throw new LockstepError('SOURCE_READ_FAILED', 'reading a reply: it has no operationTime');
  return clusterTimeOf(time);
}

/**
 * Reads the raw reply of `find`, `aggregate` or `getMore`.
 * @param reply reply whose `cursor` is a Buffer
 * @throws LockstepError SOURCE_READ_FAILED when it is not of the known shape
 */
export function readCursorReply(reply: Document): CursorReply {
  const source = (reply as { cursor?: unknown }).cursor;
  if (!(source instanceof Uint8Array)) throw unexpected();
  const buffer = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const elements = new ElementCursor(buffer, 0);
  let cursorId: Long | null = null;
  let bounds: number[] | null = null;
  let postBatchResumeToken: Buffer | null = null;
  while (elements.next()) {
    switch (elements.name) {
      case 'id':
        cursorId = Long.fromBigInt(BigInt.asIntN(64, elements.uint64() ?? 0n));
        break;
      case 'firstBatch':
      case 'nextBatch':
        bounds = boundsOfBatch(buffer, elements.valueStart);
        break;
      case 'postBatchResumeToken':
        postBatchResumeToken = Buffer.from(buffer.subarray(elements.valueStart, elements.end));
        break;
      default:
    }
  }
  if (cursorId === null || bounds === null) throw unexpected();
  return { cursorId, source: buffer, bounds, postBatchResumeToken, operationTime: operationTimeOf(reply) };
}

function boundsOfBatch(source: Buffer, start: number): number[] {
  const bounds: number[] = [];
  const documents = new ElementCursor(source, start);
  while (documents.next()) bounds.push(documents.valueStart, documents.end);
  return bounds;
}

function unexpected(): LockstepError {
  return new LockstepError('SOURCE_READ_FAILED', 'reading a reply: it carries no cursor');
}
