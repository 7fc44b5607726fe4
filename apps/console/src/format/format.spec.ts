import { formatAgo, formatDuration } from './duration.js';
import { formatBytes, formatCount, formatPercent, formatRate, ratioOf } from './number.js';

const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');

describe('duration', () => {
  it.each([
    [null, '–'],
    [Number.NaN, '–'],
    [-5, '0 ms'],
    [340, '340 ms'],
    [999.4, '999 ms'],
    [4_234, '4.2 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [185_000, '3 min 5 s'],
    [3_600_000, '1 h'],
    [7_800_000, '2 h 10 min'],
    [273_600_000, '3 d 4 h'],
  ])('%p → %s', (ms, text) => {
    expect(plain(formatDuration(ms))).toBe(text);
  });

  it.each([
    [-200, 'now'],
    [900, 'now'],
    [8_000, '8 s ago'],
    [300_000, '5 min ago'],
    [3 * 3_600_000, '3 h ago'],
    [50 * 3_600_000, '2 d ago'],
  ])('age %p → %s', (ms, text) => {
    expect(plain(formatAgo(ms))).toBe(text);
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [50_000, '50 000'],
    [1_234_567, '1 234 567'],
  ])('count %p → %s', (count, text) => {
    expect(plain(formatCount(count))).toBe(text);
  });

  it.each([
    [null, '–'],
    [0, '0 /s'],
    [0.44, '0.4 /s'],
    [9.99, '10 /s'],
    [12_345.6, '12 346 /s'],
  ])('rate %p → %s', (rate, text) => {
    expect(plain(formatRate(rate))).toBe(text);
  });

  it.each([
    [512, '512 B'],
    [1536, '1.5 KiB'],
    [134_217_728, '128 MiB'],
  ])('bytes %p → %s', (bytes, text) => {
    expect(plain(formatBytes(bytes))).toBe(text);
  });

  it('knows a ratio only with a total and never rounds up to 100 %', () => {
    expect(ratioOf(5, null)).toBeNull();
    expect(ratioOf(5, 0)).toBeNull();
    expect(ratioOf(15, 10)).toBe(1);
    expect(plain(formatPercent(0.9999))).toBe('99 %');
    expect(plain(formatPercent(1))).toBe('100 %');
  });
});
