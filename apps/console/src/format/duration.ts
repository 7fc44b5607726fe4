const NO_BREAK_SPACE = '\u00a0';

/** A duration in its two largest units: `340 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`; a dash when unknown. */
export function formatDuration(durationMs: number | null): string {
  if (durationMs === null || !Number.isFinite(durationMs)) return '–';
  const ms = Math.max(0, durationMs);
  if (ms < 1000) return `${Math.round(ms)}${NO_BREAK_SPACE}ms`;
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)}${NO_BREAK_SPACE}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}${NO_BREAK_SPACE}s`;
  if (seconds < 3600) return pair([Math.floor(seconds / 60), 'min'], [seconds % 60, 's']);
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return pair([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min']);
  const hours = Math.round(minutes / 60);
  return pair([Math.floor(hours / 24), 'd'], [hours % 24, 'h']);
}

/** How long ago something was, in one unit: `now`, `8 s ago`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function formatAgo(ageMs: number): string {
  const seconds = Math.round(Math.max(0, ageMs) / 1000);
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds}${NO_BREAK_SPACE}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NO_BREAK_SPACE}min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${NO_BREAK_SPACE}h ago`;
  return `${Math.floor(seconds / 86_400)}${NO_BREAK_SPACE}d ago`;
}

function pair(large: readonly [number, string], small: readonly [number, string]): string {
  const [first, second] = [large, small].map(([value, unit]) => `${value}${NO_BREAK_SPACE}${unit}`);
  return small[0] === 0 ? `${first}` : `${first} ${second}`;
}
