import { bindingIn, type Target } from '@lockstep/contracts';
import type { TurnContext } from './partition-context.js';

/** The targets of what is followed. Those of collections that had to stop are kept as they are, whatever becomes of them. */
export function followedTargets({
  targets,
  lease,
}: Pick<TurnContext, 'targets' | 'lease'>): ReadonlyMap<string, Target> {
  const followed = [...targets].filter(([collection]) => bindingIn(lease.state, collection)?.suspension === null);
  return new Map(followed);
}
