import type { SeqNoMarks } from '@lockstep/contracts';

/**
 * What was written before any of the marks, shard by shard. Looking at more than had to be is harmless: what is removed
 * is confirmed by the source. Pure.
 * @returns null when one of them is null: everything is looked at
 */
export function latestMarks(all: readonly (SeqNoMarks | null)[]): SeqNoMarks | null {
  const latest: Record<string, number> = {};
  for (const marks of all) {
    if (marks === null) return null;
    for (const [shard, mark] of Object.entries(marks)) latest[shard] = Math.max(latest[shard] ?? -1, mark);
  }
  return latest;
}
