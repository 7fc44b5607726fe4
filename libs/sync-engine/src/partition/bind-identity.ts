import { LockstepError, reached } from '@lockstep/core';
import { withIdentity } from '../checkpoint/partition-transitions.js';
import { rulesHash } from './binding-keeper.js';
import type { PartitionContext } from './partition-context.js';

/**
 * The checkpoint belongs to one source and one set of rules; anything else means resync, never "carry on".
 * @throws LockstepError SOURCE_IDENTITY_CHANGED
 */
export async function bindIdentity(context: PartitionContext, signal: AbortSignal): Promise<void> {
  const { clusterId } = await context.source.describe(signal);
  const identity = { clusterId, rulesHash: rulesHash(context.connector) };
  const known = context.lease.state.identity;
  if (known === null) {
    await context.checkpoint.save((state) => withIdentity(state, identity));
    reached('identity.bound');
    return;
  }
  if (known.clusterId !== clusterId) {
    throw new LockstepError('SOURCE_IDENTITY_CHANGED', 'The source is another replica set than before');
  }
  if (known.rulesHash !== identity.rulesHash) {
    throw new LockstepError(
      'SOURCE_IDENTITY_CHANGED',
      'Filter, fields, mappings or index were changed since the last bulk sync',
    );
  }
}
