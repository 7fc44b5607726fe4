import * as fc from 'fast-check';
import { hasIsoText, writeIsoDate } from './date-text.js';
import { OutputBuffer } from './output-buffer.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

const DAY_MS = 86_400_000;
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const isoDate = (ms: number, room?: number) => writtenText((out) => writeIsoDate(out, ms), room);
const expected = (ms: number) => JSON.stringify(new Date(ms).toISOString());

/** The first time in `times` that is written in another way than JavaScript does. */
const firstWrong = (times: Iterable<number>) => {
  const out = new OutputBuffer();
  for (const ms of times) {
    out.position = 0;
    writeIsoDate(out, ms);
    if (out.bytes.toString('latin1', 0, out.position) !== expected(ms)) return ms;
  }
  return null;
};

function* steps(from: number, to: number, step: number): Iterable<number> {
  for (let ms = from; ms <= to; ms += step) yield ms;
}

describe('writeIsoDate', () => {
  it('writes the days around each turn of a month in ten thousand years', () => {
    function* turns() {
      for (let year = 0; year <= 9_999; year += year % 400 < 8 || year % 100 > 97 || year % 100 < 5 ? 1 : 3) {
        for (const month of [0, 1, 2, 11]) {
          const first = new Date(0).setUTCFullYear(year, month, 1);
          if (first > FIRST_MS) yield first - 1;
          yield first;
        }
      }
    }
    expect(firstWrong(turns())).toBeNull();
  });

  it('writes every day of a leap year and of another', () => {
    expect(firstWrong(steps(Date.UTC(1999, 11, 31), Date.UTC(2002, 0, 1), DAY_MS))).toBeNull();
  });

  it('writes every minute of a day, first and last millisecond', () => {
    expect(firstWrong(steps(Date.UTC(1969, 11, 31), Date.UTC(1970, 0, 1), 60_000))).toBeNull();
    expect(firstWrong(steps(Date.UTC(2024, 1, 28) - 1, Date.UTC(2024, 2, 1), 60_000))).toBeNull();
  });

  it('writes any time, whatever room there is', () => {
    const time = fc.integer({ min: FIRST_MS, max: LAST_MS });
    fc.assert(
      fc.property(time, fc.nat(LARGEST_ROOM), (ms, room) => {
        expect(isoDate(ms, room)).toBe(expected(ms));
      }),
      { numRuns: 300, seed: 37 },
    );
  });

  it.each([0, 25, 26])('has its 26 bytes with room for %d', (room) => {
    expect(isoDate(0, room)).toBe('"1970-01-01T00:00:00.000Z"');
  });
});

describe('hasIsoText', () => {
  it.each([
    [FIRST_MS, true],
    [FIRST_MS - 1, false],
    [LAST_MS, true],
    [LAST_MS + 1, false],
  ])('of %d is %s', (ms, is) => {
    expect(hasIsoText(ms)).toBe(is);
  });
});
