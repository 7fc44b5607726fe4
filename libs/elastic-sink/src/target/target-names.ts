import type { TargetLayout } from '@lockstep/contracts';

export interface TargetNames {
  /** The concrete index. */
  readonly index: string;
  readonly writeAlias: string;
  /** Null in the layout `index`, where the index has the name itself. */
  readonly readAlias: string | null;
}

/**
 * The write alias ends in upper case on purpose. Index names are lower case only, alias names are not:
 * so no index can ever have this name. That matters because Elasticsearch creates a missing index
 * for a delete with an external version even under `require_alias`.
 */
const WRITE_SUFFIX = '-WRITE';

/** @param fence of the holder who writes; 0 while the lease was never taken over */
export function targetNames(name: string, layout: TargetLayout, generation: number, fence = 0): TargetNames {
  const index = layout === 'alias' ? `${name}-${String(generation).padStart(6, '0')}` : name;
  const writeAlias = `${index}${WRITE_SUFFIX}${fence === 0 ? '' : `-${fence}`}`;
  return { index, writeAlias, readAlias: layout === 'alias' ? name : null };
}

/** The fence in the name of a write alias of the index; null for any other alias. */
export function fenceOf(index: string, alias: string): number | null {
  const head = `${index}${WRITE_SUFFIX}`;
  if (alias === head) return 0;
  const digits = alias.startsWith(`${head}-`) ? alias.slice(head.length + 1) : '';
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : null;
}
