import { matchesCollection } from '@lockstep/config-store';
import type { CollectionInfo } from '@lockstep/contracts';

export interface CollectionMatch {
  /** Collections to follow, in name order. */
  readonly followed: readonly CollectionInfo[];
  /** Literal names of the connector that do not exist (yet). */
  readonly missing: readonly string[];
  /** Literal names that exist and cannot be followed: views and time series. */
  readonly unsupported: readonly string[];
}

/** Which of the database's collections a connector means. Patterns pass over what cannot be followed. */
export function matchCollections(patterns: readonly string[], existing: readonly CollectionInfo[]): CollectionMatch {
  const matched = existing.filter(({ name }) => matchesCollection(patterns, name));
  const literals = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const names = new Set(existing.map(({ name }) => name));
  return {
    followed: matched.filter(({ type }) => type === 'collection').sort((a, b) => (a.name < b.name ? -1 : 1)),
    missing: [...literals].filter((name) => !names.has(name)).sort(),
    unsupported: matched
      .filter(({ name, type }) => type !== 'collection' && literals.has(name))
      .map(({ name }) => name),
  };
}
