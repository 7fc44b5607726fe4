/** Between thousands. */
const THIN_SPACE = '\u202f';
/** Between a number and its unit. */
const NO_BREAK_SPACE = '\u00a0';

/** A count with thin spaces between thousands: `50 000`. */
export function formatCount(count: number): string {
  return Math.trunc(count)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** Documents or changes per second: one decimal below 10, none above; a dash when unknown. */
export function formatRate(ratePerSecond: number | null): string {
  if (ratePerSecond === null) return '–';
  const rounded = ratePerSecond < 10 ? Math.round(ratePerSecond * 10) / 10 : Math.round(ratePerSecond);
  return `${Number.isInteger(rounded) ? formatCount(rounded) : rounded.toFixed(1)}${NO_BREAK_SPACE}/s`;
}

/** Bytes in binary units: `128 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit > 0 && value < 10 ? value.toFixed(1) : Math.round(value)}${NO_BREAK_SPACE}${units[unit] ?? 'B'}`;
}

/** Share of the work done, 0 … 1; null where the total is unknown. */
export function ratioOf(done: number, total: number | null): number | null {
  if (total === null || total <= 0) return null;
  return Math.min(1, Math.max(0, done / total));
}

/** A ratio as a whole percentage that says 100 only when everything is done. */
export function formatPercent(ratio: number): string {
  return `${ratio >= 1 ? 100 : Math.floor(ratio * 100)}${NO_BREAK_SPACE}%`;
}
