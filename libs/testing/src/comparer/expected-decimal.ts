/** A Decimal128: `coefficient` × 10^`exponent`, or something that is no number. */
export interface Decimal {
  readonly special: 'NaN' | 'Infinity' | null;
  readonly isNegative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}

const MOST = 10n ** 34n;

export function readDecimal(bytes: Buffer): Decimal {
  const low = bytes.readBigUInt64LE(0);
  const high = bytes.readBigUInt64LE(8);
  const isNegative = high >> 63n === 1n;
  const top = (high >> 58n) & 31n;
  if (top === 31n) return { special: 'NaN', isNegative: false, coefficient: 0n, exponent: 0 };
  if (top === 30n) return { special: 'Infinity', isNegative, coefficient: 0n, exponent: 0 };
  const isLarge = ((high >> 61n) & 3n) === 3n;
  const exponent = Number((high >> (isLarge ? 47n : 49n)) & 0x3fffn) - 6176;
  const coefficient = ((high & 0x1_ffff_ffff_ffffn) << 64n) | low;
  // What has more than 34 digits is zero, by the standard.
  return { special: null, isNegative, coefficient: isLarge || coefficient >= MOST ? 0n : coefficient, exponent };
}

/** As drivers print it: with an exponent when its own is positive, or more than five zeros would follow the point. */
export function decimalText({ special, isNegative, coefficient, exponent }: Decimal): string {
  const sign = isNegative ? '-' : '';
  if (special !== null) return sign + special;
  const digits = coefficient.toString();
  const scientific = exponent + digits.length - 1;
  if (exponent > 0 || scientific < -6) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    return `${sign}${digits[0]}${fraction}E${scientific >= 0 ? '+' : ''}${scientific}`;
  }
  if (exponent === 0) return sign + digits;
  const padded = digits.padStart(1 - exponent, '0');
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** The exact value in plain digits. */
export function plainDecimal({ special, isNegative, coefficient, exponent }: Decimal): string {
  if (special !== null) return (isNegative ? '-' : '') + special;
  return plainFraction(isNegative ? -coefficient : coefficient, exponent);
}

/** The exact value of a double: halves are tens and fives. */
export function plainDouble(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  let whole = Math.abs(value);
  let halvings = 0;
  for (; !Number.isInteger(whole); halvings += 1) whole *= 2;
  const digits = BigInt(whole) * 5n ** BigInt(halvings);
  return plainFraction(value < 0 ? -digits : digits, -halvings);
}

function plainFraction(coefficient: bigint, exponent: number): string {
  if (exponent >= 0) return (coefficient * 10n ** BigInt(exponent)).toString();
  const scale = 10n ** BigInt(-exponent);
  const size = coefficient < 0n ? -coefficient : coefficient;
  const fraction = (size % scale).toString().padStart(-exponent, '0').replace(/0+$/, '');
  const text = `${size / scale}${fraction === '' ? '' : `.${fraction}`}`;
  return coefficient < 0n ? `-${text}` : text;
}
