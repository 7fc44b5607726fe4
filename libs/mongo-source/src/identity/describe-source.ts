import { hasCode, LockstepError } from '@lockstep/core';
import type { SourceDescription } from '@lockstep/contracts';
import type { StreamOpener } from '../change-stream/stream-opener.js';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { clusterIdOf } from './cluster-id.js';
import type { CollectionListing } from './collection-listing.js';
import { majorityTime } from './majority-time.js';

export interface DescribeContext {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly listing: CollectionListing;
  readonly opener: StreamOpener;
}

/**
 * Connects and tries what a sync needs, in the order in which it can go wrong; a missing privilege is named.
 * @throws LockstepError as `SourcePort.describe`
 */
export async function describeSource(context: DescribeContext, signal: AbortSignal): Promise<SourceDescription> {
  const { connection, database, listing, opener } = context;
  const ask = (command: Record<string, number>) =>
    connection.command({ database: 'admin', command, doing: 'connecting to MongoDB', signal });
  const clusterId = clusterIdOf(await ask({ hello: 1 }));
  const { version } = (await ask({ buildInfo: 1 })) as { version?: string };
  await naming('listCollections', listing.list(signal));
  const now = await naming('find', majorityTime(connection, database, signal));
  const stream = await naming(
    'changeStream and find on the database',
    opener.open({ collections: [], start: { kind: 'at', time: now }, signal }),
  );
  await stream.close();
  return { clusterId, serverVersion: version ?? 'unknown' };
}

async function naming<T>(action: string, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (!hasCode(error, 'SOURCE_PERMISSION_MISSING')) throw error;
    throw new LockstepError('SOURCE_PERMISSION_MISSING', `checking privileges: ${action} is not granted`, {
      cause: error,
    });
  }
}
