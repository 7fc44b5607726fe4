import type { KeyRange } from '@lockstep/contracts';

/**
 * What of a collection a partition follows.
 * @param splits where the collection is divided, ascending keys; none when it is not
 * @returns undefined for all of it, null for nothing
 */
export function rangeOf(splits: readonly string[], partition: number): KeyRange | undefined | null {
  if (splits.length === 0) return partition === 0 ? undefined : null;
  if (partition > splits.length) return null;
  return { from: splits[partition - 1] ?? null, below: splits[partition] ?? null };
}
