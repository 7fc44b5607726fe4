import * as fc from 'fast-check';
import { writeDigits, writeDouble, writeInt32, writeInt64, writeTwoDigits } from './json-number.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

const room = fc.nat(LARGEST_ROOM);
const lengths = Array.from({ length: 19 }, (_, i) => 10n ** BigInt(i));
/** Numbers around every power of ten and of two. */
const borders = [...lengths, ...Array.from({ length: 64 }, (_, i) => 2n ** BigInt(i))].flatMap((n) => [
  n - 1n,
  n,
  n + 1n,
]);

/** Numbers with a part of the long division at a border of 10^9. */
const divided = [1n, 2n, 200n, 30_000n, 65_000n].flatMap((k) =>
  [k * 10n ** 9n - 1n, k * 10n ** 9n, k * (10n ** 9n - 1n)].flatMap((part) => [part << 32n, part << 16n]),
);
const endings = Array.from({ length: 10 }, (_, digit) => 10n ** 18n + BigInt(digit) * 10n ** 8n);

const int64 = (value: bigint, left?: number) => {
  const bits = BigInt.asIntN(64, value);
  const [high, low] = [Number(bits >> 32n), Number(BigInt.asIntN(32, bits))];
  return writtenText((out) => writeInt64(out, high, low), left);
};
const double = (value: number, left?: number) => writtenText((out) => writeDouble(out, value), left);
/** As JavaScript writes it, with a fraction or an exponent. */
const doubleText = (value: number) => {
  const text = String(value);
  return /[.e]/u.test(text) ? text : `${text}.0`;
};

describe('writeInt32', () => {
  it('writes every int32 around powers of ten and two', () => {
    for (const border of borders) {
      for (const n of [Number(border), -Number(border)]) {
        if (n !== (n | 0)) continue;
        expect(writtenText((out) => writeInt32(out, n))).toBe(String(n + 0));
      }
    }
  });

  it('writes any int32, whatever room there is', () => {
    fc.assert(
      fc.property(fc.integer(), room, (n, left) => {
        expect(writtenText((out) => writeInt32(out, n), left)).toBe(String(n));
      }),
      { numRuns: 300, seed: 67 },
    );
  });
});

describe('writeInt64', () => {
  it('writes every int64 around powers of ten and two', () => {
    for (const border of [...borders, ...divided, ...endings]) {
      for (const n of [border, -border]) {
        if (n === BigInt.asIntN(64, n)) expect(int64(n)).toBe(String(n));
      }
    }
    expect(int64(-(2n ** 63n))).toBe('-9223372036854775808');
  });

  it('writes any int64, whatever room there is', () => {
    const any = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 54n), max: 2n ** 54n }),
    );
    fc.assert(
      fc.property(any, room, (n, left) => {
        expect(int64(n, left)).toBe(String(n));
      }),
      { numRuns: 500, seed: 71 },
    );
  });
});

describe('writeDouble', () => {
  it.each([
    [0, '0.0'],
    [-0, '0.0'],
    [1, '1.0'],
    [-1, '-1.0'],
    [999_999_999, '999999999.0'],
    [1e9, '1000000000.0'],
    [999_999_999.5, '999999999.5'],
    [1_000_000_000.5, '1000000000.5'],
    [2 ** 53 - 1, '9007199254740991.0'],
    [2 ** 53, '9007199254740992.0'],
    [2 ** 53 + 2, '9007199254740994.0'],
    [1e20, '100000000000000000000.0'],
    [1e21, '1e+21'],
    [0.000001, '0.000001'],
    [0.0000001, '1e-7'],
    [0.0000005, '5e-7'],
    [0.1, '0.1'],
    [0.100001, '0.100001'],
    [0.999999, '0.999999'],
    [0.3 - 0.1, '0.19999999999999998'],
    [1.005, '1.005'],
    [-12.25, '-12.25'],
    [Number.MIN_VALUE, '5e-324'],
    [Number.MAX_VALUE, '1.7976931348623157e+308'],
  ])('writes %d as %s', (value, text) => {
    expect(double(value)).toBe(text);
  });

  it.each([-0.0000012345678901234567, -1.7976931348623157e308, -9007199254740991, -123456789.123456])(
    'writes %d, whatever room there is',
    (value) => {
      for (let left = 0; left <= LARGEST_ROOM; left++) expect(double(value, left)).toBe(doubleText(value));
    },
  );

  it('writes the shortest text of any double, whatever room there is', () => {
    const decimals = fc.tuple(fc.integer(), fc.integer({ min: 0, max: 8 })).map(([n, places]) => n / 10 ** places);
    const any = fc.oneof(fc.double({ noDefaultInfinity: true, noNaN: true }), decimals, fc.maxSafeInteger());
    fc.assert(
      fc.property(any, room, (value, left) => {
        expect(double(value, left)).toBe(Object.is(value, -0) ? '0.0' : doubleText(value));
      }),
      { numRuns: 800, seed: 73 },
    );
  });
});

describe('digits', () => {
  it('are written where they have to be, and what is behind them is told', () => {
    for (const border of borders.filter((n) => n <= 2n ** 53n)) {
      const view = new DataView(new ArrayBuffer(24));
      const end = writeDigits(view, 2, Number(border));
      expect(Buffer.from(view.buffer).toString('latin1')).toBe(`\0\0${border}`.padEnd(24, '\0'));
      expect(end).toBe(2 + String(border).length);
    }
  });

  it('are two for everything below a hundred', () => {
    for (let n = 0; n < 100; n++) {
      const view = new DataView(new ArrayBuffer(3));
      writeTwoDigits(view, 1, n);
      expect(Buffer.from(view.buffer).toString('latin1')).toBe(`\0${String(n).padStart(2, '0')}`);
    }
  });
});
