import { BSON, type Long, type Timestamp } from 'mongodb';
import type { OplogReading } from '@lockstep/contracts';
import { hasCode, type ClusterTime } from '@lockstep/core';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import { clusterTimeOf, type CursorReply } from '../raw-reply/cursor-reply.js';

const DATABASE = 'local';
const OPLOG = 'oplog.rs';
const DEADLINE_MS = 5_000;

const UNREADABLE: OplogReading = { kind: 'unreadable', code: 'SOURCE_OPLOG_UNREADABLE' };

/**
 * How far the change history reaches back. Takes `find` and `collStats` on `local.oplog.rs`, as the role `read` on
 * `local` has them; a mongos has no oplog.
 * @throws LockstepError SOURCE_UNREACHABLE, …, JOB_ABORTED
 */
export async function readOplog(connection: MongoConnection, signal: AbortSignal): Promise<OplogReading> {
  const first = await firstOf<{ ts?: Timestamp }>(connection, signal, {
    find: OPLOG,
    sort: { $natural: 1 },
    limit: 1,
    singleBatch: true,
    projection: { ts: 1 },
  });
  if (first?.document.ts === undefined) return UNREADABLE;
  const oldest: ClusterTime = clusterTimeOf(first.document.ts);
  return { kind: 'known', oldest, newest: first.reply.operationTime, fullness: await fullness(connection, signal) };
}

interface StorageStats {
  readonly storageStats?: { readonly size?: number | Long; readonly maxSize?: number | Long };
}

/** Share of the oplog that is in use; 1 where it is not told, so that no history is counted on that may not be. */
async function fullness(connection: MongoConnection, signal: AbortSignal): Promise<number> {
  const command = { aggregate: OPLOG, pipeline: [{ $collStats: { storageStats: {} } }], cursor: {} };
  const stats = (await firstOf<StorageStats>(connection, signal, command))?.document.storageStats;
  const [size, maxSize] = [Number(stats?.size), Number(stats?.maxSize)];
  return size > 0 && maxSize > 0 ? Math.min(1, size / maxSize) : 1;
}

/** The first document of a command's answer; null where there is none, or where it is refused. */
async function firstOf<T>(
  connection: MongoConnection,
  signal: AbortSignal,
  command: Record<string, unknown>,
): Promise<{ readonly document: T; readonly reply: CursorReply } | null> {
  const cursor = new RawCursor(connection, { database: DATABASE, doing: 'reading the oplog' }, OPLOG);
  try {
    const reply = await cursor.open(command, signal, DEADLINE_MS);
    const { source, bounds } = reply;
    if (bounds.length === 0) return null;
    return { document: BSON.deserialize(source.subarray(bounds[0], bounds[1])) as T, reply };
  } catch (error) {
    // A best effort: no privilege, no `local` database, or a server that answers otherwise.
    if (hasCode(error, 'SOURCE_PERMISSION_MISSING', 'SOURCE_COLLECTION_MISSING', 'SOURCE_READ_FAILED')) return null;
    throw error;
  } finally {
    await cursor.close();
  }
}
