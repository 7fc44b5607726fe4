import type { RawValue } from '../transcode/bson-bytes.fixture.js';

/** The value in a form that is equal exactly where MongoDB's comparison says so; an own path, on purpose. */
export function canonicalValue(value: RawValue): Buffer {
  const { type, bytes } = value;
  const tagged = (tag: string, ...parts: readonly Buffer[]) =>
    Buffer.concat([Buffer.from(`${tag}(${parts.map((part) => part.length).join()})`), ...parts]);
  if (type === 0x0e) return canonicalValue({ type: 0x02, bytes });
  if (type === 0x10) return tagged('number', Buffer.from(fraction(BigInt(bytes.readInt32LE()), 1n)));
  if (type === 0x12) return tagged('number', Buffer.from(fraction(bytes.readBigInt64LE(), 1n)));
  if (type === 0x01) return tagged('number', Buffer.from(doubleFraction(bytes.readDoubleLE())));
  if (type === 0x13) return tagged('number', Buffer.from(decimalFraction(bytes)));
  if (type === 0x03 || type === 0x04) {
    const members = membersOf(bytes).map(({ name, inner }) =>
      tagged('member', type === 0x04 ? Buffer.alloc(0) : name, canonicalValue(inner)),
    );
    return tagged(type === 0x03 ? 'document' : 'array', ...members);
  }
  if (type === 0x0f) {
    const scope = 8 + bytes.readInt32LE(4);
    return tagged('scoped', bytes.subarray(8, scope), canonicalValue({ type: 0x03, bytes: bytes.subarray(scope) }));
  }
  return tagged(`type ${type}`, bytes);
}

function membersOf(document: Buffer): { name: Buffer; inner: RawValue }[] {
  const members: { name: Buffer; inner: RawValue }[] = [];
  let at = 4;
  while (document[at] !== 0) {
    const type = document[at]!;
    const nameEnd = document.indexOf(0, at + 1);
    const rest = document.subarray(nameEnd + 1);
    const bytes = rest.subarray(0, valueSize(type, rest));
    members.push({ name: document.subarray(at + 1, nameEnd), inner: { type, bytes } });
    at = nameEnd + 1 + bytes.length;
  }
  return members;
}

/** How long the value of `type` is that `rest` begins with. */
export function valueSize(type: number, rest: Buffer): number {
  const fixed: Record<number, number> = {
    1: 8,
    6: 0,
    7: 12,
    8: 1,
    9: 8,
    10: 0,
    16: 4,
    17: 8,
    18: 8,
    19: 16,
    127: 0,
    255: 0,
  };
  if (type in fixed) return fixed[type]!;
  if (type === 3 || type === 4 || type === 15) return rest.readInt32LE();
  if (type === 5) return rest.readInt32LE() + 5;
  if (type === 11) return rest.indexOf(0, rest.indexOf(0) + 1) + 1;
  return rest.readInt32LE() + 4 + (type === 12 ? 12 : 0);
}

/** A reduced fraction, which is another way to say an exact value than digits are. */
function fraction(numerator: bigint, denominator: bigint): string {
  let [a, b] = [numerator < 0n ? -numerator : numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return `${numerator / a}/${denominator / a}`;
}

function doubleFraction(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  let scaled = value;
  let denominator = 1n;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    denominator *= 2n;
  }
  return fraction(BigInt(scaled), denominator);
}

function decimalFraction(bytes: Buffer): string {
  const bits = bytes.readBigUInt64LE(8);
  const isNegative = bits >> 63n === 1n;
  if (((bits >> 58n) & 31n) === 31n) return 'NaN';
  if (((bits >> 58n) & 31n) === 30n) return isNegative ? '-Infinity' : 'Infinity';
  const coefficient = ((bits & 0x1_ffff_ffff_ffffn) << 64n) | bytes.readBigUInt64LE(0);
  if (((bits >> 61n) & 3n) === 3n || coefficient >= 10n ** 34n) return fraction(0n, 1n);
  const exponent = ((bits >> 49n) & 0x3fffn) - 6176n;
  const signed = isNegative ? -coefficient : coefficient;
  return exponent >= 0n ? fraction(signed * 10n ** exponent, 1n) : fraction(signed, 10n ** -exponent);
}
