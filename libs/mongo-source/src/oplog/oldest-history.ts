import { BSON, type Timestamp } from 'mongodb';
import { hasCode, type ClusterTime } from '@lockstep/core';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import { clusterTimeOf } from '../raw-reply/cursor-reply.js';

/**
 * Time of the oldest oplog entry; null where there is no oplog to read (mongos) or the user may not.
 * @throws LockstepError SOURCE_UNREACHABLE, …, JOB_ABORTED
 */
export async function oldestHistory(connection: MongoConnection, signal: AbortSignal): Promise<ClusterTime | null> {
  const cursor = new RawCursor(connection, { database: 'local', doing: 'reading the oplog' }, 'oplog.rs');
  try {
    const command = { find: 'oplog.rs', sort: { $natural: 1 }, limit: 1, singleBatch: true, projection: { ts: 1 } };
    const { source, bounds } = await cursor.open(command, signal);
    if (bounds.length === 0) return null;
    const { ts } = BSON.deserialize(source.subarray(bounds[0], bounds[1])) as { ts?: Timestamp };
    return ts === undefined ? null : clusterTimeOf(ts);
  } catch (error) {
    // A best effort: no privilege, no `local` database, or a server that answers otherwise.
    if (hasCode(error, 'SOURCE_PERMISSION_MISSING', 'SOURCE_COLLECTION_MISSING', 'SOURCE_READ_FAILED')) return null;
    throw error;
  } finally {
    await cursor.close();
  }
}
