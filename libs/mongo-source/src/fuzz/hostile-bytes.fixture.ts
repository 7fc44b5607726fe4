import * as fc from 'fast-check';

/** What can happen to bytes at the position `where`, which wraps around at their end. */
export interface Change {
  readonly where: number;
  readonly kind: 'flip' | 'set' | 'nudge' | 'type' | 'cut' | 'drop' | 'repeat' | 'length';
  /** 0 … 255; what it means depends on the kind. */
  readonly value: number;
}

const TYPES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 0x7f, 0xff] as const;
/** Lengths that code forgets about. */
const LENGTHS = [0, 1, 4, 5, 13, 14, -1, -5, 0x7fffffff, -0x80000000, 0x7ffffffb, 256] as const;

/** One to three changes. */
export const someChanges: fc.Arbitrary<Change[]> = fc.array(
  fc.record({
    // Integers: the doubles between 0 and 1 are nearly all next to 0, and every change would hit the first byte.
    where: fc.nat(65_535),
    kind: fc.constantFrom<Change['kind'][]>('flip', 'set', 'nudge', 'type', 'cut', 'drop', 'repeat', 'length'),
    value: fc.nat(255),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A copy of the bytes with the changes made, one after the other. Never empty. */
export function changed(original: Buffer, changes: readonly Change[]): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (const change of changes) {
    const at = change.where % bytes.length;
    bytes = applied(bytes, at, change);
  }
  return bytes;
}

function applied(bytes: Buffer, at: number, { kind, value }: Change): Buffer {
  const count = 1 + (value & 7);
  switch (kind) {
    case 'flip':
      bytes[at]! ^= 1 << (value & 7);
      return bytes;
    case 'set':
      bytes[at] = value;
      return bytes;
    case 'nudge':
      bytes[at]! += value & 1 ? count : -count;
      return bytes;
    case 'type':
      bytes[at] = TYPES[value % TYPES.length]!;
      return bytes;
    case 'cut':
      return Buffer.from(bytes.subarray(0, Math.max(at, 1)));
    case 'drop':
      return at === 0 ? bytes : Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)]);
    case 'repeat':
      return Buffer.concat([bytes.subarray(0, at + count), bytes.subarray(at)]);
    case 'length':
      if (at + 4 <= bytes.length) bytes.writeInt32LE(lengthOf(value), at);
      return bytes;
  }
}

function lengthOf(value: number): number {
  const special = LENGTHS[value];
  return special ?? (value - 128) * (value & 1 ? 1 : 65_537);
}
