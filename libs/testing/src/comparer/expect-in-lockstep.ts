import { compareBothSides, type ComparedSides, type Comparison } from './compare-both-sides.js';

export interface LockstepExpectation {
  /** How long both sides may take to agree, milliseconds. @defaultValue 30 000 */
  readonly timeoutMs?: number;
}

export function isInLockstep(comparison: Comparison): boolean {
  return comparison.missing.length + comparison.extra.length + comparison.wrong.length === 0;
}

/**
 * Waits until both sides agree completely.
 * @throws Error with the first differences when they do not agree in time
 */
export async function expectInLockstep(sides: ComparedSides, options: LockstepExpectation = {}): Promise<Comparison> {
  const endsAt = performance.now() + (options.timeoutMs ?? 30_000);
  for (;;) {
    const last = await compareBothSides(sides).catch((error: unknown) => error as Error);
    if (!(last instanceof Error) && isInLockstep(last)) return last;
    if (performance.now() >= endsAt) throw last instanceof Error ? last : new Error(describe(sides, last));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function describe(sides: ComparedSides, { checked, missing, extra, wrong }: Comparison): string {
  const some = (ids: readonly string[]): string => `${ids.length} (${ids.slice(0, 5).join(', ')})`;
  return (
    `${sides.database}.${sides.collection} and ${sides.index} do not agree: ${checked} documents, ` +
    `missing ${some(missing)}, extra ${some(extra)}, wrong ${some(wrong)}`
  );
}
