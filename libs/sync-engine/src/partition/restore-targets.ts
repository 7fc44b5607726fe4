import type { PartitionContext } from './partition-context.js';

/** The targets get the settings back that they had before they were loaded, and searches see all of them. */
export async function restoreTargets(context: PartitionContext, signal: AbortSignal): Promise<void> {
  for (const target of context.targets.values()) {
    await context.sink.endLoad(target, signal);
    await context.sink.refresh(target, signal);
  }
}
