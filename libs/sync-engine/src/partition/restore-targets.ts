import { hasCode } from '@lockstep/core';
import { followedTargets } from './followed-targets.js';
import type { PartitionContext } from './partition-context.js';

/**
 * The targets get the settings back that they had before they were loaded, and searches see all of them. Those of
 * collections that are not followed may be gone.
 */
export async function restoreTargets(context: PartitionContext, signal: AbortSignal): Promise<void> {
  const followed = followedTargets(context);
  for (const [collection, target] of context.targets) {
    try {
      await context.sink.endLoad(target, signal);
      await context.sink.refresh(target, signal);
    } catch (error) {
      if (followed.has(collection) || !hasCode(error, 'SINK_TARGET_MISSING')) throw error;
    }
  }
}
