import { Timestamp } from 'mongodb';
import { hasCode, type ClusterTime } from '@lockstep/core';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { documentCount } from '../raw-reply/cursor-reply.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import { ElementCursor } from '../bson/element-cursor.js';
import { resumeTokenTime } from './resume-token.js';

/** How long the server may take to tell, milliseconds: a source that is slow is no source that has forgotten. */
const PATIENCE_MS = 5_000;
/** Time that the server waits for a change before an empty reply, milliseconds. */
const WAIT_MS = 250;

export interface FindChangeContext {
  readonly connection: MongoConnection;
  readonly database: string;
}

/**
 * Whether the source's history has a change of the database at this cluster time: a stream that begins there tells it
 * as its first one, or passes the time without it.
 * @returns null where it cannot be told: the oplog does not reach back so far, or the server took too long
 * @throws LockstepError SOURCE_PERMISSION_MISSING, SOURCE_UNREACHABLE, …, JOB_ABORTED
 */
export async function findChange(
  { connection, database }: FindChangeContext,
  time: ClusterTime,
  signal: AbortSignal,
): Promise<boolean | null> {
  const cursor = new RawCursor(connection, { database, doing: 'looking a change up' }, '$cmd.aggregate');
  const pipeline = [{ $changeStream: { startAtOperationTime: new Timestamp(time) } }, { $project: { _id: 1 } }];
  const endsAt = performance.now() + PATIENCE_MS;
  try {
    const command = { aggregate: 1, pipeline, cursor: { batchSize: 0 }, readConcern: { level: 'majority' } };
    await cursor.open(command, signal, PATIENCE_MS);
    while (cursor.isOpen && performance.now() < endsAt) {
      const reply = await cursor.getMore({ signal, batchSize: 1, maxTimeMS: WAIT_MS });
      if (documentCount(reply) > 0) return tokenTime(reply.source, reply.bounds[0] ?? 0) === time;
      const passed = reply.postBatchResumeToken;
      if (passed !== null && resumeTokenTime(passed) > time) return false;
    }
    return null;
  } catch (error) {
    if (hasCode(error, 'SOURCE_HISTORY_LOST')) return null;
    throw error;
  } finally {
    await cursor.close();
  }
}

/** Cluster time of the event that begins at the offset: its `_id` is its token. */
function tokenTime(source: Buffer, start: number): ClusterTime {
  const elements = new ElementCursor(source, start);
  while (elements.next()) {
    if (elements.name === '_id') return resumeTokenTime(source.subarray(elements.valueStart, elements.end));
  }
  return 0n;
}
