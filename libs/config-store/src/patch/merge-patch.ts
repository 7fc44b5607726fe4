import { isRecord } from '../input/input-object.js';
import { pointerTo } from '../input/findings.js';

const MAX_DEPTH = 100;

/**
 * RFC 7396, on copies.
 * @param atomic JSON pointers of values that are replaced as a whole, never merged into
 */
export function mergePatch(target: unknown, patch: unknown, atomic: readonly string[] = [], pointer = ''): unknown {
  if (!isRecord(patch) || atomic.includes(pointer) || pointer.split('/').length > MAX_DEPTH) return patch;
  // A Map and fromEntries: a key named __proto__ stays an ordinary key.
  const merged = new Map<string, unknown>(isRecord(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value, atomic, pointerTo(pointer, key)));
  }
  return Object.fromEntries(merged);
}
