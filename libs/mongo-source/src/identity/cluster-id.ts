import { LockstepError } from '@lockstep/core';

/** What `hello` says that we use. */
export interface HelloReply {
  readonly setName?: string;
  readonly msg?: string;
  readonly maxWireVersion?: number;
}

/** Wire version of MongoDB 5.0. */
const OLDEST_WIRE_VERSION = 13;

/**
 * The id of the replica set or sharded cluster, from what every user may read.
 *
 * It is the set's name. `settings.replicaSetId` would be better, but takes a privilege (`replSetGetConfig`):
 * granting or revoking it would look like another source and demand a resync. Another cluster under the same
 * name is told apart by its history, and by the UUIDs of its collections.
 * @throws LockstepError SOURCE_NOT_REPLICA_SET, SOURCE_VERSION_UNSUPPORTED
 */
export function clusterIdOf(hello: HelloReply): string {
  if ((hello.maxWireVersion ?? 0) < OLDEST_WIRE_VERSION) throw new LockstepError('SOURCE_VERSION_UNSUPPORTED');
  if (hello.msg === 'isdbgrid') return 'sharded';
  if (hello.setName === undefined) throw new LockstepError('SOURCE_NOT_REPLICA_SET');
  return `replicaSet:${hello.setName}`;
}
