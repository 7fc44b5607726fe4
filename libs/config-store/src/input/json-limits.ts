export interface JsonLimits {
  readonly maxDepth: number;
  /** Of the JSON text, UTF-8. */
  readonly maxBytes: number;
}

/** Depth of nested objects and arrays, measured without recursion: input may be nested ten thousand levels deep. */
function depthOf(value: unknown): number {
  let depth = 0;
  let level: readonly unknown[] = [value];
  while (level.length > 0) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === 'object' && item !== null) for (const child of Object.values(item)) next.push(child);
    }
    if (next.length > 0) depth += 1;
    level = next;
  }
  return depth;
}

/** What exceeds the limits, as the end of a sentence; null when nothing does. */
export function jsonLimitProblem(value: unknown, limits: JsonLimits): string | null {
  if (depthOf(value) > limits.maxDepth) return `is nested deeper than ${String(limits.maxDepth)} levels`;
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  return bytes > limits.maxBytes ? `is larger than ${String(limits.maxBytes)} bytes` : null;
}
