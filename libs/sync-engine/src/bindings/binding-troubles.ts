import { matchesCollection } from '@lockstep/config-store';
import { bindingIn, type BindingState, type Condition } from '@lockstep/contracts';
import { namespaceOf, type TurnContext } from '../partition/partition-context.js';
import { conditionOf } from '../runner/status-board.js';
import type { CollectionMatch } from './match-collections.js';

/** It was taken off the connector's list: what was there is kept. Listed again, it is taken up. */
export function isUnlisted({ suspension }: BindingState): boolean {
  return suspension?.operation === 'unlisted';
}

/** What stands in the way of single collections. Those that a person must mend come first. */
export function bindingTroubles(
  context: Pick<TurnContext, 'connector' | 'clock' | 'lease'>,
  { missing, unsupported }: Pick<CollectionMatch, 'missing' | 'unsupported'>,
): readonly Condition[] {
  const { state } = context.lease;
  const now = context.clock.nowMs();
  const ofName = (name: string): string => namespaceOf(context, name);
  const isUnknown = (name: string): boolean => {
    const binding = bindingIn(state, name);
    return binding === undefined || isUnlisted(binding);
  };
  // What nobody lists is as it was asked for.
  const { collections } = context.connector.config.source;
  const suspended = Object.values(state.bindings).filter(
    (binding) =>
      binding.suspension !== null &&
      matchesCollection(collections, binding.collection) &&
      (!isUnlisted(binding) || binding.suspension.isKept === true),
  );
  return [
    ...unsupported.map((name) => {
      const message = `${ofName(name)} is a view or a time series`;
      return conditionOf('CollectionUnsupported', 'SOURCE_COLLECTION_UNSUPPORTED', message, now);
    }),
    ...missing.filter(isUnknown).map((name) => {
      return conditionOf('CollectionMissing', 'SOURCE_COLLECTION_MISSING', `${ofName(name)} does not exist`, now);
    }),
    ...suspended.map(({ collection, suspension, index }) => {
      const change =
        suspension?.operation === 'unlisted'
          ? 'not followed for a while'
          : `changed by ${suspension?.operation ?? 'drop'}`;
      const message = `${ofName(collection)} was ${change}; ${index} is kept as it is`;
      return conditionOf('CollectionReplaced', 'SOURCE_STREAM_INVALIDATED', message, now);
    }),
  ];
}
