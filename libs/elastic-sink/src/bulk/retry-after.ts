/** Whatever is advised, the next try comes by then: a mistake of some proxy must not hold a sync up for hours. */
export const MAX_RETRY_AFTER_MS = 60_000;

const SECONDS = /^\d+(\.\d+)?$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

/**
 * What the headers of an answer advise to wait, milliseconds, at most {@link MAX_RETRY_AFTER_MS}; null when they advise
 * nothing that can be read. A date is measured from the answer's own `Date`, so that clocks are never compared. Pure.
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(headers: Readonly<Record<string, unknown>>): number | null {
  const delayMs = advisedMs(headers['retry-after'], headers.date);
  return delayMs === null ? null : Math.min(delayMs, MAX_RETRY_AFTER_MS);
}

function advisedMs(advice: unknown, sentAt: unknown): number | null {
  if (typeof advice !== 'string') return null;
  if (SECONDS.test(advice)) return Number(advice) * 1_000;
  if (typeof sentAt !== 'string' || !HTTP_DATE.test(advice) || !HTTP_DATE.test(sentAt)) return null;
  const delayMs = Date.parse(advice) - Date.parse(sentAt);
  return delayMs >= 0 ? delayMs : null;
}
