import type { CollectionInfo } from '@lockstep/contracts';

/** Names that MongoDB keeps for itself. */
const SYSTEM_PREFIX = 'system.';

/** Turns a collection pattern into a test of names; `*` stands for any characters, everything else for itself. */
export function collectionMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return (name) => name === pattern;
  const [head, ...rest] = parts as [string, ...string[]];
  const tail = rest.pop() ?? '';
  return (name) => {
    if (name.startsWith(SYSTEM_PREFIX) || name.length < head.length + tail.length) return false;
    if (!name.startsWith(head) || !name.endsWith(tail)) return false;
    let from = head.length;
    const end = name.length - tail.length;
    for (const part of rest) {
      const at = name.indexOf(part, from);
      if (at < 0 || at + part.length > end) return false;
      from = at + part.length;
    }
    return true;
  };
}

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
  const matchers = patterns.map(collectionMatcher);
  const matched = existing.filter(({ name }) => matchers.some((matches) => matches(name)));
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
