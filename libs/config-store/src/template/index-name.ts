/** Longest resolved name, bytes: room is left for the suffixes of generations and write aliases (255 is the limit). */
export const MAX_INDEX_NAME_BYTES = 224;

const FORBIDDEN = /[\\/*?"<>| ,#:{}\s\p{Cc}]/u;

/** What is wrong with text inside an index name; null when nothing is. */
export function indexTextProblem(text: string): string | null {
  if (FORBIDDEN.test(text)) return 'must not hold \\ / * ? " < > | , # : { } or blanks outside placeholders';
  return text === text.toLowerCase() ? null : 'must be lower-case';
}

/** What is wrong with a whole index name, by Elasticsearch's rules and without hidden names; null when nothing is. */
export function indexNameProblem(name: string): string | null {
  if (name === '') return 'is empty';
  if (/^[-_+.]/.test(name)) return 'must not begin with -, _, + or .';
  if (Buffer.byteLength(name) > MAX_INDEX_NAME_BYTES) return `is longer than ${String(MAX_INDEX_NAME_BYTES)} bytes`;
  return indexTextProblem(name);
}

/** Whether a name is, or could become, an index of our own state. */
export function isStateIndexName(name: string, statePrefix: string): boolean {
  return name === statePrefix || name.startsWith(`${statePrefix}-`);
}
