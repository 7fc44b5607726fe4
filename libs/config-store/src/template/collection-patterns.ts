/** Whether a collection name matches one of the names or `*` patterns; linear time, no regular expression. */
export function matchesCollection(_patterns: readonly string[], _name: string): boolean {
  return false;
}
