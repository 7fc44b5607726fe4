import type { DocumentKey } from '@lockstep/contracts';

/** Where one `find` with a list of keys stops getting cheaper, and starts to weigh on the server. */
const MAX_KEYS = 2_000;
/** Half of what a command may have. */
const MAX_KEY_BYTES = 8 * 1024 * 1024;
/** Name and type of an array element. */
const ENTRY_OVERHEAD_BYTES = 10;

/** Splits keys into lists for one `find` each; a key that occurs again (by its encoded id) is left out. */
export function keyChunks(keys: readonly DocumentKey[]): DocumentKey[][] {
  const chunks: DocumentKey[][] = [];
  const seen = new Set<string>();
  let chunk: DocumentKey[] = [];
  let bytes = 0;
  for (const key of keys) {
    if (seen.has(key.id)) continue;
    seen.add(key.id);
    const size = key.element.length + ENTRY_OVERHEAD_BYTES;
    if (chunk.length > 0 && (chunk.length === MAX_KEYS || bytes + size > MAX_KEY_BYTES)) {
      chunks.push(chunk);
      chunk = [];
      bytes = 0;
    }
    chunk.push(key);
    bytes += size;
  }
  if (chunk.length > 0) chunks.push(chunk);
  return chunks;
}
