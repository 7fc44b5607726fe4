import type { Timestamp } from 'mongodb';
import { hasCode, LockstepError, type ClusterTime } from '@lockstep/core';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { clusterTimeOf, operationTimeOf } from '../raw-reply/cursor-reply.js';

/** Need not exist: the reply of a majority read of nothing carries the time all the same. */
const PROBE_COLLECTION = 'lockstep.probe';

/**
 * `operationTime` of a majority read made now. A user with privileges on single collections only may not
 * make the read: then it is the primary's majority commit point.
 * @throws LockstepError SOURCE_MAJORITY_UNAVAILABLE, SOURCE_UNREACHABLE, SOURCE_NOT_REPLICA_SET, …, JOB_ABORTED
 */
export async function majorityTime(
  connection: MongoConnection,
  database: string,
  signal: AbortSignal,
): Promise<ClusterTime> {
  const doing = 'reading the majority time';
  try {
    const command = { find: PROBE_COLLECTION, limit: 1, singleBatch: true, readConcern: { level: 'majority' } };
    return operationTimeOf(await connection.command({ database, command, doing, signal }));
  } catch (error) {
    if (!hasCode(error, 'SOURCE_PERMISSION_MISSING')) throw error;
  }
  const hello = await connection.command({ database: 'admin', command: { hello: 1 }, doing, signal });
  const { lastWrite } = hello as { lastWrite?: { majorityOpTime?: { ts?: Timestamp } } };
  const time = lastWrite?.majorityOpTime?.ts;
  if (time === undefined) throw new LockstepError('SOURCE_PERMISSION_MISSING', `${doing}: find on the source database`);
  return clusterTimeOf(time);
}
