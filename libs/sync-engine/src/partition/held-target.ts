import { hasCode } from '@lockstep/core';
import type { Binding, EnsureTargetOptions, Target } from '@lockstep/contracts';
import { withFence } from '../checkpoint/partition-transitions.js';
import type { TurnContext } from './partition-context.js';

/**
 * Finds or makes a target in the name of the lease's holder.
 *
 * A state that was restored from a snapshot is older than its indices: their write aliases tell of takeovers that it
 * knows nothing of, and its holder looks like a former one. Whoever can write the state is the holder, whatever aliases
 * say, and takes a fence behind theirs.
 * @throws LockstepError JOB_LEASE_LOST when there is a later holder indeed, and what the sink throws
 */
export async function heldTarget<T extends Target>(
  context: TurnContext,
  ask: (options: EnsureTargetOptions) => Promise<T>,
  { binding, signal }: { readonly binding: Binding; readonly signal: AbortSignal },
): Promise<T> {
  const { sink, lease, checkpoint, generation } = context;
  const isServing = generation.state === 'serving';
  const options = { binding, generation: lease.key.generation, isServing, signal };
  try {
    return await ask({ ...options, fence: lease.state.fence ?? 0 });
  } catch (error) {
    if (!hasCode(error, 'JOB_LEASE_LOST')) throw error;
    const fence = (await sink.latestFence(options)) + 1;
    // Refused when the lease is lost.
    await checkpoint.save((state) => withFence(state, fence));
    return ask({ ...options, fence });
  }
}
