export const isPattern = (text: string): boolean => text.includes('*');

/** Greedy left to right: each literal piece takes its first place, the last one the end. */
function matchesPattern(pattern: string, name: string): boolean {
  const pieces = pattern.split('*');
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return pattern === name;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let from = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const at = name.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}

/**
 * Whether a collection is one of `source.collections`: names, or patterns in which `*` stands for any characters.
 * Without a regular expression, so that no pattern can take long. A pattern never takes `system.` collections.
 */
export function matchesCollection(patterns: readonly string[], name: string): boolean {
  if (name.startsWith('system.')) return false;
  return patterns.some((pattern) => matchesPattern(pattern, name));
}
