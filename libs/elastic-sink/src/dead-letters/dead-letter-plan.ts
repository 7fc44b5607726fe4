import type { DeadLetter } from './dead-letter.js';

/**
 * What to store when a document is refused.
 * @returns null when what is stored already says as much or speaks about a newer state
 */
export function planRefused(stored: DeadLetter | undefined, refused: DeadLetter): DeadLetter | null {
  if (stored === undefined) return refused;
  const [storedVersion, version] = [BigInt(stored.version), BigInt(refused.version)];
  if (storedVersion > version) return null;
  // The operator has given up this very state; sending it again changes nothing.
  if (stored.state === 'discarded' && storedVersion === version) return null;
  if (stored.state !== 'open') return refused;
  return { ...refused, firstSeenAt: stored.firstSeenAt, seenCount: stored.seenCount + 1 };
}

/**
 * What to store when a document has arrived clean.
 * @param version of the state that was taken
 * @returns null when there is nothing to close
 */
export function planResolved(stored: DeadLetter | undefined, version: bigint, nowIso: string): DeadLetter | null {
  if (stored?.state !== 'open' || BigInt(stored.version) > version) return null;
  return {
    ...stored,
    state: 'resolved',
    isStale: false,
    reason: null,
    body: null,
    closedAt: nowIso,
    retry: null,
    note: null,
  };
}
