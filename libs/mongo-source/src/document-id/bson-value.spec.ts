import * as fc from 'fast-check';
import { bsonNumber } from './bson-value.js';
import { decimal128Bytes } from './decimal128-bytes.js';
import { exactNumberText } from './exact-number.js';

const DECIMAL = 0x13;
const textOf = (bytes: Buffer, type = DECIMAL) =>
  exactNumberText(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), type, 0);

/** Exact plain text of `digits` × 10^`exponent`. */
function plain(digits: string, exponent: number): string {
  if (exponent >= 0) return digits + '0'.repeat(exponent);
  const padded = digits.padStart(1 - exponent, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

describe('decimal128Bytes', () => {
  it('has the very value of every text that a Decimal128 can have', () => {
    const exponent = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -6_176, max: 6_111 }));
    const coefficient = fc.oneof(fc.bigInt({ min: 1n, max: 10n ** 34n - 1n }), fc.bigInt({ min: 1n, max: 999n }));
    fc.assert(
      fc.property(fc.boolean(), coefficient, exponent, (isNegative, c, e) => {
        const significant = String(c).replace(/0$/u, '1');
        const text = (isNegative ? '-' : '') + plain(significant, e);
        expect(textOf(decimal128Bytes(text)!)).toBe(text);
      }),
      { numRuns: 300, seed: 31 },
    );
  });

  it.each([
    ['0', '0'],
    ['34 digits', '9'.repeat(34)],
    ['the largest', plain('9'.repeat(34), 6_111)],
    ['a power of ten with zeros as digits', plain('1', 6_144)],
    ['the smallest', plain('1', -6_176)],
  ])('holds %s', (_, text) => {
    expect(textOf(decimal128Bytes(text)!)).toBe(text);
  });

  it.each([
    ['35 digits', '9'.repeat(35)],
    ['what is too large', plain('1', 6_145)],
    ['what is too large by far', plain('1', 7_000)],
    ['what is too small', plain('1', -6_177)],
  ])('does not hold %s', (_, text) => {
    expect(decimal128Bytes(text)).toBeNull();
  });
});

describe('bsonNumber', () => {
  it.each(['', '-', '1e5', '.5', '5.', '--5', '1.2.3', ' 5', '0x10', 'x5', '5x', 'Infinit', '9'.repeat(35)])(
    'has no value for "%s"',
    (text) => {
      expect(bsonNumber(text)).toBeNull();
    },
  );

  it.each(['2147483647', '-2147483648', '4611686018427387904', '-9223372036854775808', '0.5', '12.34', 'NaN'])(
    'has the value of %s',
    (text) => {
      const { type, bytes } = bsonNumber(text)!;
      expect(textOf(bytes, type)).toBe(text);
    },
  );
});
