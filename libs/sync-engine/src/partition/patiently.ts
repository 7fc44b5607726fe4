import { asLockstepError } from '@lockstep/core';
import type { EventSink } from '@lockstep/contracts';

/**
 * Looks at something that is looked at again soon: trouble that passes by itself is told, and ends nothing else.
 * @returns null when there was such trouble
 * @throws LockstepError any other
 */
export async function patiently<T>(
  { events }: { readonly events: EventSink },
  look: () => Promise<T>,
): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    const known = asLockstepError(error);
    const { retry } = known.definition;
    if (retry !== 'transient' && retry !== 'throttled') throw known;
    events.emit({ type: 'supervisor.failed', code: known.code });
    return null;
  }
}
