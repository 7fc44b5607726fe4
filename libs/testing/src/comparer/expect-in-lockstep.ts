import { compareBothSides, type ComparedSides, type Comparison } from './compare-both-sides.js';

export interface LockstepExpectation {
  /** How long both sides may take to agree, milliseconds. @defaultValue 120 000 */
  readonly timeoutMs?: number;
}

/** What can be different, in the order in which it is told. */
export const DIFFERENCES = ['missing', 'extra', 'resurrected', 'wrong', 'stale'] as const;

export function isInLockstep(comparison: Comparison): boolean {
  return DIFFERENCES.every((difference) => comparison[difference].length === 0);
}

/**
 * Waits until both sides agree completely.
 * @throws Error with the first differences when they do not agree in time
 */
export async function expectInLockstep(sides: ComparedSides, options: LockstepExpectation = {}): Promise<Comparison> {
  const endsAt = performance.now() + (options.timeoutMs ?? 120_000);
  for (;;) {
    const startedAt = performance.now();
    const last = await compareBothSides(sides).catch((error: unknown) => error as Error);
    if (!(last instanceof Error) && isInLockstep(last)) return last;
    const now = performance.now();
    if (now >= endsAt) throw last instanceof Error ? last : new Error(describe(sides, last));
    // A comparison takes what both sides need to agree: at least as long is left to them.
    await new Promise((resolve) => setTimeout(resolve, Math.max(200, now - startedAt)));
  }
}

function describe(sides: ComparedSides, comparison: Comparison): string {
  const some = (ids: readonly string[]): string => `${ids.length} (${ids.slice(0, 5).join(', ')})`;
  const found = DIFFERENCES.map((difference) => `${difference} ${some(comparison[difference])}`).join(', ');
  return `${sides.database}.${sides.collection} and ${sides.index} do not agree: ${comparison.checked} documents, ${found}`;
}
