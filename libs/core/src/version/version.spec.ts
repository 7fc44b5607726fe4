import fc from 'fast-check';
import {
  clusterTime,
  clusterTimeIncrement,
  clusterTimeSeconds,
  formatClusterTime,
  parseClusterTime,
} from './cluster-time.js';
import { documentVersion } from './document-version.js';

const seconds = fc.integer({ min: 2 ** 30, max: 2 ** 32 - 1 });
const increment = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const time = fc
  .tuple(fc.integer({ min: 2 ** 30, max: 2 ** 31 + 2 ** 30 - 1 }), increment)
  .map(([s, i]) => clusterTime(s, i));

describe('cluster time', () => {
  it('keeps seconds and increment through every form', () => {
    fc.assert(
      fc.property(seconds, increment, (s, i) => {
        const t = clusterTime(s, i);
        expect([clusterTimeSeconds(t), clusterTimeIncrement(t)]).toEqual([s, i]);
        expect(parseClusterTime(formatClusterTime(t))).toBe(t);
      }),
    );
  });

  it.each(['', '1', '1.', 'a.b', '1.2.3', '4294967296.0', '-1.0'])('refuses %p', (text) => {
    expect(parseClusterTime(text)).toBeUndefined();
  });
});

describe('document version', () => {
  it('orders as cluster time does and fits a positive signed 64-bit number', () => {
    fc.assert(
      fc.property(time, time, (a, b) => {
        expect(documentVersion(a) < documentVersion(b)).toBe(a < b);
        expect(documentVersion(a)).toBeLessThan(2n ** 63n);
        expect(documentVersion(a)).toBeGreaterThanOrEqual(0n);
      }),
    );
  });

  it('refuses a time that no version can hold', () => {
    expect(() => documentVersion(clusterTime(1, 1))).toThrow(RangeError);
    expect(() => documentVersion(clusterTime(2 ** 32 - 1, 0))).toThrow(RangeError);
  });
});
