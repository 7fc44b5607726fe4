import { BSON } from '../transcode/bson-layout.js';
import { decimalParts } from '../transcode/decimal128-text.js';

const FRACTION_BITS = 52;
const EXPONENT_OFFSET = 1_075;
const ZERO = 0x30;

/** True for the four numeric types, which MongoDB compares by value. */
export function isNumeric(type: number): boolean {
  return type === BSON.int32 || type === BSON.int64 || type === BSON.double || type === BSON.decimal128;
}

/**
 * The exact value of a number in plain digits: no exponent, no trailing zeros, no −0; `NaN`, `Infinity`, `-Infinity`.
 * Equal numbers of any type have equal texts. At most about 6 200 characters.
 */
export function exactNumberText(view: DataView, type: number, at: number): string {
  if (type === BSON.int32) return String(view.getInt32(at, true));
  if (type === BSON.int64) return view.getBigInt64(at, true).toString();
  if (type === BSON.double) return exactDoubleText(view.getFloat64(at, true));
  const parts = decimalParts(view, at);
  if (parts.kind === 'nan') return 'NaN';
  if (parts.kind === 'infinity') return parts.isNegative ? '-Infinity' : 'Infinity';
  return plainText(parts.isNegative, parts.digits, parts.exponent);
}

/** The exact value of a double: every double is a whole number over a power of two, so its decimals end. */
export function exactDoubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isSafeInteger(value)) return String(value);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> BigInt(FRACTION_BITS));
  const fraction = BigInt.asUintN(FRACTION_BITS, bits);
  const mantissa = biased === 0 ? fraction : fraction | (1n << BigInt(FRACTION_BITS));
  const exponent = Math.max(biased, 1) - EXPONENT_OFFSET;
  const isNegative = value < 0;
  if (exponent >= 0) return plainText(isNegative, (mantissa << BigInt(exponent)).toString(), 0);
  // m / 2^k = m × 5^k / 10^k
  return plainText(isNegative, (mantissa * 5n ** BigInt(-exponent)).toString(), exponent);
}

/** `digits` × 10^`exponent` without exponent and trailing zeros. Thousands of zeros cost what they are long. */
function plainText(isNegative: boolean, digits: string, exponent: number): string {
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return '0';
  const sign = isNegative ? '-' : '';
  const lowest = exponent + digits.length - significant.length;
  if (lowest >= 0) return sign + significant + '0'.repeat(lowest);
  const padded = significant.padStart(1 - lowest, '0');
  return `${sign}${padded.slice(0, lowest)}.${padded.slice(lowest)}`;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end--;
  return digits.slice(0, end);
}
