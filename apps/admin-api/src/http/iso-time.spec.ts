import fc from 'fast-check';
import { isoTimeMs } from './iso-time.js';

describe('a time as a request names it', () => {
  it.each([
    ['2026-01-15T09:30:00.000Z', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15T09:30Z', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15T10:30:00+01:00', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15T09:30:00.123456789Z', '2026-01-15T09:30:00.123Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ])('%s is %s', (text, utc) => {
    expect(new Date(isoTimeMs(text)!).toISOString()).toBe(utc);
  });

  it.each([
    ['the basic form', '20260115'],
    ['a week', '2026-W03'],
    ['a day of the year', '2026-015'],
    ['a fraction of an hour', '2010-02-18T16.5'],
    ['a date', '2026-01-15'],
    ['a time without a zone', '2026-01-15T09:30:00'],
    ['a day that the month does not have', '2026-02-30T00:00:00Z'],
    ['a month that the year does not have', '2026-13-01T00:00:00Z'],
    ['a zone that there is not', '2026-01-15T09:30:00+25:00'],
    ['a leap second', '2016-12-31T23:59:60Z'],
    ['before 1970', '1969-12-31T23:59:59Z'],
    ['before 1970 by its zone', '1970-01-01T00:00:00+01:00'],
    ['after the year 9999 by its zone', '9999-12-31T23:59:59-01:00'],
    ['words', 'yesterday'],
    ['nothing', ''],
  ])('%s is none', (_, text) => {
    expect(isoTimeMs(text)).toBeUndefined();
  });

  it('is one that can be written, whatever is asked', () => {
    const part = (min: number, max: number) =>
      fc.integer({ min, max }).map((value) => String(value).padStart(min < 0 ? 3 : 2, '0'));
    const text = fc
      .tuple(fc.integer({ min: 0, max: 9_999 }), part(0, 13), part(0, 32), part(0, 25), part(0, 60), part(0, 25))
      .map(([y, mo, d, h, mi, z]) => `${String(y).padStart(4, '0')}-${mo}-${d}T${h}:${mi}-${z}:00`);
    fc.assert(
      fc.property(text, (time) => {
        const ms = isoTimeMs(time);
        if (ms !== undefined) expect(new Date(ms).toISOString()).toMatch(/^\d{4}-/);
      }),
    );
  });
});
