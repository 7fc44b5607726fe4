import type { Timestamp } from 'mongodb';
import type { ClusterTime } from '@lockstep/core';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { clusterTimeOf } from '../raw-reply/cursor-reply.js';

/**
 * Time of the newest write that the primary has, whether or not a majority has confirmed it. A mongos does not say.
 * @throws LockstepError SOURCE_UNREACHABLE, …, JOB_ABORTED
 */
export async function newestTime(connection: MongoConnection, signal: AbortSignal): Promise<ClusterTime | null> {
  const doing = 'reading the newest time';
  const hello = await connection.command({ database: 'admin', command: { hello: 1 }, doing, signal });
  const { lastWrite } = hello as { lastWrite?: { opTime?: { ts?: Timestamp } } };
  const time = lastWrite?.opTime?.ts;
  return time === undefined ? null : clusterTimeOf(time);
}
