import { formatClusterTime, LockstepError, reached, type ClusterTime } from '@lockstep/core';
import { begunBy, withIdentity } from '../checkpoint/partition-transitions.js';
import { withShares } from '../progress/job-figures.js';
import { initialPosition } from '../stream/position.js';
import { isByOtherRules, rulesOf } from './generation-rules.js';
import type { PartitionContext, TurnContext } from './partition-context.js';

/**
 * The checkpoint belongs to one source and one set of rules. Another source means resync, never "carry on"; rules
 * that were changed since wait for one, and the ones of the beginning are followed meanwhile.
 * @throws LockstepError SOURCE_IDENTITY_CHANGED, SOURCE_POSITION_INVALID
 */
export async function bindIdentity(context: TurnContext, signal: AbortSignal): Promise<void> {
  const { clusterId } = await context.source.describe(signal);
  const { database } = context.connector.config.source;
  const known = context.lease.state.identity;
  if (known === null) {
    const identity = { clusterId, rules: rulesOf(context.connector.config), isTentative: true };
    await context.checkpoint.save((state) => withIdentity(state, identity));
    reached('identity.bound');
    return;
  }
  if (known.clusterId !== clusterId) {
    throw new LockstepError('SOURCE_IDENTITY_CHANGED', 'The source is another replica set than before');
  }
  const { newestChange } = context.checkpoint.position;
  const isOfDatabase = (known.rules.source.database ?? database) === database;
  if (newestChange !== null && isOfDatabase) await confirmHistory(context, newestChange, signal);
}

/**
 * A source that was restored from a backup has the name, the collections, and soon also the time that it had before,
 * and takes the position; what it has lost would stay in the index. It has not the newest change that we have seen.
 */
async function confirmHistory(context: TurnContext, newestChange: ClusterTime, signal: AbortSignal): Promise<void> {
  if ((await context.source.hasChange(newestChange, signal)) !== false) return;
  const lost = `The source no longer has the change at ${formatClusterTime(newestChange)} that was followed`;
  if (await hasKnownCollection(context, signal)) {
    throw new LockstepError('SOURCE_POSITION_INVALID', `${lost}: was it restored from a backup?`);
  }
  throw new LockstepError('SOURCE_IDENTITY_CHANGED', `${lost}, and none of its collections: is it another one?`);
}

async function hasKnownCollection({ source, lease }: TurnContext, signal: AbortSignal): Promise<boolean> {
  const known = new Set(Object.values(lease.state.bindings).map(({ collectionUuid }) => collectionUuid));
  return (await source.listCollections(signal)).some(({ uuid }) => uuid !== null && known.has(uuid));
}

/**
 * Rules that nothing was read by wait for no resync: an index, mappings or a filter that is refused is mended by the
 * definition alone. What was written by them all the same is swept, as after any new beginning.
 */
export async function mendRules(context: PartitionContext, signal: AbortSignal): Promise<void> {
  const { checkpoint, definition, source, ledger, lease } = context;
  const known = lease.state.identity;
  if (known?.isTentative !== true || !isByOtherRules(context)) return;
  const identity = { ...known, rules: rulesOf(definition.config) };
  checkpoint.replace(initialPosition(await source.majorityTime(signal)));
  await checkpoint.save((state) => begunBy(identity, withShares(state, ledger.shares)));
  ledger.shares = [];
}
