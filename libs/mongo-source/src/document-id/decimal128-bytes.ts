const MOST_DIGITS = 34;
const LOWEST_EXPONENT = -6_176;
const HIGHEST_EXPONENT = 6_111;
const EXPONENT_BIAS = 6_176;

/** The sixteen bytes of a Decimal128 with the value of a plain decimal text; null when none has that value. */
export function decimal128Bytes(text: string): Buffer | null {
  const isNegative = text.startsWith('-');
  const [whole = '', fraction = ''] = (isNegative ? text.slice(1) : text).split('.');
  const all = (whole + fraction).replace(/^0+/u, '');
  const bare = all.replace(/0+$/u, '');
  const scale = all.length - bare.length - fraction.length;
  // Above the highest exponent, zeros are digits.
  const exponent = Math.min(scale, HIGHEST_EXPONENT);
  const digits = bare + '0'.repeat(Math.min(scale - exponent, MOST_DIGITS));
  if (digits.length > MOST_DIGITS || exponent < LOWEST_EXPONENT) return null;
  const bytes = Buffer.alloc(16);
  // BigInt takes no digits for 0.
  const coefficient = BigInt(digits);
  const sign = isNegative ? 1n << 63n : 0n;
  bytes.writeBigUInt64LE(coefficient & 0xffff_ffff_ffff_ffffn, 0);
  bytes.writeBigUInt64LE(sign | (BigInt(exponent + EXPONENT_BIAS) << 49n) | (coefficient >> 64n), 8);
  return bytes;
}
