import { Decimal128 } from 'mongodb';
import * as fc from 'fast-check';
import { decimalParts, decimalText, writeShortDecimal } from './decimal128-text.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

const BEFORE = 3;
const bytesOf = (text: string) => Buffer.from(Decimal128.fromString(text).bytes);

/** A view of the sixteen bytes with others around them. */
function viewOf(bytes: Uint8Array): DataView {
  const whole = Buffer.concat([Buffer.alloc(BEFORE, 0xa5), bytes, Buffer.alloc(5, 0xa5)]);
  return new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
}

function shortText(bytes: Uint8Array, room?: number): string | null {
  let isWritten = false;
  const text = writtenText((out) => (isWritten = writeShortDecimal(out, viewOf(bytes), BEFORE)), room);
  if (!isWritten) expect(text).toBe('');
  return isWritten ? text : null;
}

/** Coefficients at the borders of 53, 64, 96 and 113 bits, and small ones. */
const coefficient = fc.oneof(
  fc.bigInt({ min: 0n, max: 10n ** 34n - 1n }),
  fc.bigInt({ min: 0n, max: 1_000_000n }),
  fc
    .tuple(fc.constantFrom(32n, 53n, 64n, 96n, 112n), fc.bigInt({ min: -2n, max: 2n }))
    .map(([bits, more]) => 2n ** bits + more),
);
const exponent = fc.oneof(fc.integer({ min: -12, max: 3 }), fc.integer({ min: -6_176, max: 6_111 }));

/** Sign, coefficient and exponent in their places. */
function decimalBytes(isNegative: boolean, digits: bigint, power: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, digits), 0);
  bytes.writeBigUInt64LE((isNegative ? 2n ** 63n : 0n) | (BigInt(power + 6_176) << 49n) | (digits >> 64n), 8);
  return bytes;
}

const canonical = fc.tuple(fc.boolean(), coefficient, exponent).map((parts) => decimalBytes(...parts));

describe('decimalText', () => {
  it('is the text that the driver writes', () => {
    fc.assert(
      fc.property(canonical, (bytes) => {
        expect(decimalText(viewOf(bytes), BEFORE)).toBe(new Decimal128(bytes).toString());
      }),
      { numRuns: 500, seed: 53 },
    );
  });

  it.each([
    ['0', '0'],
    ['-0', '-0'],
    ['0E+1', '0E+1'],
    ['0E-6', '0.000000'],
    ['0E-7', '0E-7'],
    ['1E+1', '1E+1'],
    ['12E+1', '1.2E+2'],
    ['0.000001', '0.000001'],
    ['0.0000001', '1E-7'],
    ['0.0000012', '0.0000012'],
    ['12E-8', '1.2E-7'],
    ['1.2', '1.2'],
    ['0.12', '0.12'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '9007199254740993'],
    ['9999999999999999999999999999999999', '9999999999999999999999999999999999'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['-Infinity', '-Infinity'],
  ])('of %s is %s', (value, text) => {
    expect(decimalText(viewOf(bytesOf(value)), BEFORE)).toBe(text);
  });

  it('takes a coefficient of more than 34 digits for 0', () => {
    expect(decimalText(viewOf(decimalBytes(false, 10n ** 34n, 0)), BEFORE)).toBe('0');
    expect(decimalText(viewOf(decimalBytes(true, 10n ** 34n + 1n, -1)), BEFORE)).toBe('-0.0');
    const large = Buffer.alloc(16, 0xff);
    large.writeUInt32LE(0xe000_0000 + (3 << 15), 12);
    expect(decimalParts(viewOf(large), BEFORE)).toEqual({
      kind: 'finite',
      isNegative: true,
      digits: '0',
      exponent: 3 - 6_176,
    });
  });
});

describe('decimalParts', () => {
  it.each([
    ['12.50', { kind: 'finite', isNegative: false, digits: '1250', exponent: -2 }],
    ['-0', { kind: 'finite', isNegative: true, digits: '0', exponent: 0 }],
    ['-Infinity', { kind: 'infinity', isNegative: true }],
    ['NaN', { kind: 'nan' }],
  ])('of %s', (value, parts) => {
    expect(decimalParts(viewOf(bytesOf(value)), BEFORE)).toEqual(parts);
  });
});

describe('writeShortDecimal', () => {
  it('writes the very same text, or nothing, whatever room there is', () => {
    fc.assert(
      fc.property(
        fc.oneof(canonical, fc.uint8Array({ minLength: 16, maxLength: 16 })),
        fc.nat(LARGEST_ROOM),
        (b, room) => {
          const text = shortText(b, room);
          if (text !== null) expect(text).toBe(decimalText(viewOf(b), BEFORE));
        },
      ),
      { numRuns: 500, seed: 59 },
    );
  });

  it('writes every decimal with up to six places and less than 53 bits', () => {
    const small = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.bigInt({ min: 0n, max: 10_000_000n }));
    fc.assert(
      fc.property(
        fc.boolean(),
        small,
        fc.integer({ min: -6, max: 0 }),
        fc.nat(40),
        (isNegative, digits, power, room) => {
          const bytes = decimalBytes(isNegative, digits, power);
          expect(shortText(bytes, room)).toBe(decimalText(viewOf(bytes), BEFORE));
        },
      ),
      { numRuns: 500, seed: 61 },
    );
  });

  it.each([
    '9007199254740992',
    '0.0000001',
    '1E+1',
    '18446744073709551616',
    '79228162514264337593543950336.5',
    '309485009821345068724781056',
  ])('leaves %s to others', (value) => {
    expect(shortText(bytesOf(value))).toBeNull();
  });

  it.each(['9007199254740991', '-9007199254.740991', '0', '-0.000001'])(
    'writes %s, whatever room there is',
    (value) => {
      for (let room = 0; room <= value.length; room++) expect(shortText(bytesOf(value), room)).toBe(value);
    },
  );
});
