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

export function targetNames(name: string, layout: TargetLayout, generation: number): TargetNames {
  const index = layout === 'alias' ? `${name}-${String(generation).padStart(6, '0')}` : name;
  return { index, writeAlias: `${index}${WRITE_SUFFIX}`, readAlias: layout === 'alias' ? name : null };
}
