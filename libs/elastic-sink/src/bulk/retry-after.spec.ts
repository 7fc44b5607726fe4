import fc from 'fast-check';
import { MAX_RETRY_AFTER_MS, retryAfterMs } from './retry-after.js';

const SENT = 'Thu, 15 Jan 2026 09:30:00 GMT';

describe('what an answer advises to wait', () => {
  it.each([
    ['seconds', '7', 7_000],
    ['a part of a second', '0.5', 500],
    ['nothing at all', '0', 0],
    ['an hour', '3600', MAX_RETRY_AFTER_MS],
    ['more than a timer can hold', '99999999999', MAX_RETRY_AFTER_MS],
    ['more than a number can hold', '9'.repeat(400), MAX_RETRY_AFTER_MS],
    ['a date', 'Thu, 15 Jan 2026 09:30:20 GMT', 20_000],
    ['a date in an hour', 'Thu, 15 Jan 2026 10:30:00 GMT', MAX_RETRY_AFTER_MS],
    ['a date that is past', 'Thu, 15 Jan 2026 09:29:59 GMT', null],
    ['a date of the other kind', '2026-01-15T09:30:20Z', null],
    ['less than nothing', '-1', null],
    ['what is no number', 'NaN', null],
    ['what is no end', 'Infinity', null],
    ['an empty header', '', null],
    ['words', 'soon', null],
  ])('by %s', (_name, advice, delayMs) => {
    expect(retryAfterMs({ 'retry-after': advice, date: SENT })).toBe(delayMs);
  });

  it('is nothing without the header, or by a date alone', () => {
    expect(retryAfterMs({})).toBeNull();
    expect(retryAfterMs({ 'retry-after': ['1', '2'] })).toBeNull();
    expect(retryAfterMs({ 'retry-after': SENT })).toBeNull();
  });

  it('is never more than a minute, whatever is said', () => {
    const advice = fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String));
    fc.assert(
      fc.property(advice, (text) => {
        const delayMs = retryAfterMs({ 'retry-after': text, date: SENT }) ?? 0;
        expect(delayMs >= 0 && delayMs <= MAX_RETRY_AFTER_MS).toBe(true);
      }),
    );
  });
});
