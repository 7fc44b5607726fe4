const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** An Elasticsearch time value (`15m`, `500ms`, `-1`) in milliseconds; undefined when it is none. */
export function timeValueMs(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  if (value === '-1' || value === '0') return Number(value);
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim().toLowerCase());
  const unit = UNIT_MS[match?.[2] ?? ''];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}
