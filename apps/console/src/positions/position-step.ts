import { formatDuration } from '../format/duration.js';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
/** The clock of the page moves this often. */
const CLOCK_AGE_MS = 1_000;
const CLUSTER_TIME = /^(\d{1,10})\.\d{1,10}$/;

/**
 * The second that a position names, milliseconds since the epoch; null while it cannot be read. It knows the forms that
 * the API does, which judges what is sent.
 */
export function readPositionTime(text: string): number | null {
  const seconds = CLUSTER_TIME.exec(text)?.[1];
  const ms = seconds !== undefined ? Number(seconds) * 1_000 : ISO.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(ms) ? null : Math.floor(ms / 1_000) * 1_000;
}

/**
 * What a time that was typed means; null while that is not known.
 * @param followedTo up to when changes were read, ISO 8601; null where nobody tells
 * @param nowMs wall clock, up to {@link CLOCK_AGE_MS} old
 */
export function stepWords(text: string, followedTo: string | null, nowMs: number): string | null {
  const toMs = readPositionTime(text.trim());
  if (toMs === null) return null;
  if (toMs > nowMs + CLOCK_AGE_MS) return 'This is still to come.';
  if (followedTo === null) return `${formatDuration(nowMs - toMs)} ago.`;
  const byMs = toMs - Date.parse(followedTo);
  if (byMs === 0) return 'The second that it stands at.';
  return byMs < 0 ? `Back by ${formatDuration(-byMs)}.` : `Forward by ${formatDuration(byMs)}.`;
}
