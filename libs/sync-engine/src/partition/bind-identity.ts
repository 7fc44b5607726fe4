import { LockstepError, reached } from '@lockstep/core';
import { withIdentity } from '../checkpoint/partition-transitions.js';
import { rulesOf } from './generation-rules.js';
import type { TurnContext } from './partition-context.js';

/**
 * The checkpoint belongs to one source and one set of rules. Another source means resync, never "carry on"; rules
 * that were changed since wait for one, and the ones of the beginning are followed meanwhile.
 * @throws LockstepError SOURCE_IDENTITY_CHANGED
 */
export async function bindIdentity(context: TurnContext, signal: AbortSignal): Promise<void> {
  const { clusterId } = await context.source.describe(signal);
  const known = context.lease.state.identity;
  if (known === null) {
    const rules = rulesOf(context.connector.config);
    await context.checkpoint.save((state) => withIdentity(state, { clusterId, rules }));
    reached('identity.bound');
    return;
  }
  if (known.clusterId !== clusterId) {
    throw new LockstepError('SOURCE_IDENTITY_CHANGED', 'The source is another replica set than before');
  }
}
