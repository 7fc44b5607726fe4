import { writeDigits } from './json-number.js';
import type { OutputBuffer } from './output-buffer.js';

const EXPONENT_BIAS = 6_176;
const LARGEST_COEFFICIENT = 10n ** 34n - 1n;
const TWO_TO_32 = 4_294_967_296;
const LARGEST_SAFE_UPPER = 0x1fffff;

/** A Decimal128 taken apart: `digits` × 10^`exponent`; `digits` has no leading zeros, `0` is `"0"`. */
export type DecimalParts =
  | { readonly kind: 'nan' }
  | { readonly kind: 'infinity'; readonly isNegative: boolean }
  | { readonly kind: 'finite'; readonly isNegative: boolean; readonly digits: string; readonly exponent: number };

/**
 * Takes apart the sixteen little-endian bytes at `at`. Coefficients over 34 digits are not canonical and count as
 * zero (IEEE 754-2008, 3.5.2), as in the server.
 */
export function decimalParts(source: DataView, at: number): DecimalParts {
  const top = source.getUint32(at + 12, true);
  const isNegative = top >>> 31 === 1;
  const combination = (top >>> 26) & 0x1f;
  if (combination === 0x1f) return { kind: 'nan' };
  if (combination === 0x1e) return { kind: 'infinity', isNegative };
  if (combination >= 0x18) {
    return { kind: 'finite', isNegative, digits: '0', exponent: ((top >>> 15) & 0x3fff) - EXPONENT_BIAS };
  }
  const exponent = ((top >>> 17) & 0x3fff) - EXPONENT_BIAS;
  return { kind: 'finite', isNegative, digits: coefficientDigits(source, at, top & 0x1ffff), exponent };
}

function coefficientDigits(source: DataView, at: number, topBits: number): string {
  const third = source.getUint32(at + 8, true);
  const second = source.getUint32(at + 4, true);
  const first = source.getUint32(at, true);
  if (topBits === 0 && third === 0 && second <= LARGEST_SAFE_UPPER) return String(second * TWO_TO_32 + first);
  const coefficient = (BigInt(topBits) << 96n) | (BigInt(third) << 64n) | (BigInt(second) << 32n) | BigInt(first);
  return coefficient > LARGEST_COEFFICIENT ? '0' : coefficient.toString();
}

/**
 * The exact text of a Decimal128 with its trailing zeros, as the drivers write it: plain while the exponent is not
 * positive and the first digit is at most 6 places behind the point, else `d.dddE±n`; `NaN`, `Infinity`.
 */
export function decimalText(source: DataView, at: number): string {
  const parts = decimalParts(source, at);
  if (parts.kind === 'nan') return 'NaN';
  const sign = parts.isNegative ? '-' : '';
  if (parts.kind === 'infinity') return `${sign}Infinity`;
  const { digits, exponent } = parts;
  if (exponent === 0) return sign + digits;
  const scientific = digits.length - 1 + exponent;
  if (exponent > 0 || scientific < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits.charAt(0)}${fraction}E${scientific > 0 ? '+' : ''}${scientific}`;
  }
  const point = digits.length + exponent;
  if (point > 0) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  return `${sign}0.${'0'.repeat(-point)}${digits}`;
}

/** Powers of ten up to the most decimals that the short way writes; with these no exponent is ever needed. */
const SHORT_SCALES = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Sign, the digits of 2^53, point. */
const LONGEST_SHORT = 18;

/**
 * Writes the same text as `decimalText` for the usual decimals: up to six of them, and a coefficient below 2^53.
 * False when the decimal is another one; then nothing was written.
 */
export function writeShortDecimal(out: OutputBuffer, source: DataView, at: number): boolean {
  const top = source.getUint32(at + 12, true);
  const second = source.getUint32(at + 4, true);
  const decimals = EXPONENT_BIAS - ((top >>> 17) & 0x3fff);
  const scale = SHORT_SCALES[decimals];
  if (scale === undefined || (top & 0x1ffff) !== 0 || second > LARGEST_SAFE_UPPER) return false;
  if (source.getUint32(at + 8, true) !== 0) return false;
  const coefficient = second * TWO_TO_32 + source.getUint32(at, true);
  out.ensure(LONGEST_SHORT);
  if (top >>> 31 === 1) out.bytes[out.position++] = MINUS;
  if (decimals === 0) {
    out.position = writeDigits(out.view, out.position, coefficient);
    return true;
  }
  const whole = Math.floor(coefficient / scale);
  let position = writeDigits(out.view, out.position, whole);
  out.bytes[position++] = POINT;
  let rest = coefficient - whole * scale;
  for (let i = decimals - 1; i >= 0; i--) {
    const left = (rest / 10) | 0;
    out.bytes[position + i] = ZERO + rest - left * 10;
    rest = left;
  }
  out.position = position + decimals;
  return true;
}
