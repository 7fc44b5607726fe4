import { LockstepError } from '@lockstep/core';

/** What an answer says of the shards that it was asked of. */
export interface AskedShards {
  readonly total?: number;
  readonly successful?: number;
  readonly failed?: number;
}

/**
 * A search is answered by the shards that are there, with status 200, and a figure of some of them looks like one of
 * all: an index would be smaller than it is, or empty. An unassigned shard counts as failed or as neither.
 * @param what begins the message
 * @throws LockstepError SINK_REQUEST_FAILED unless every shard has answered
 */
export function requireAllShards(shards: AskedShards | undefined, what: string): void {
  const { total = NaN, successful = NaN, failed = NaN } = shards ?? {};
  if (failed === 0 && successful >= total) return;
  throw new LockstepError('SINK_REQUEST_FAILED', `${what}: ${successful} of ${total} shards have answered`);
}
