import * as fc from 'fast-check';
import { exactDoubleText } from './exact-number.js';

/** True when the plain decimal text is exactly the double, both over the same denominator. */
function isExactly(text: string, value: number): boolean {
  const [whole, fraction = ''] = text.split('.');
  let [scaled, twos] = [value, 0n];
  for (; !Number.isInteger(scaled); twos++) scaled *= 2;
  return BigInt(whole! + fraction) * 2n ** twos === BigInt(scaled) * 10n ** BigInt(fraction.length);
}

describe('exactDoubleText', () => {
  it.each([
    [2_251_799_813_685_249.5, '2251799813685249.5'],
    [2 ** 53, '9007199254740992'],
    [-(2 ** 53) - 2, '-9007199254740994'],
    [-0.5, '-0.5'],
    [-0, '0'],
    [1e22, '10000000000000000000000'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
  ])('of %d is %s', (value, text) => {
    expect(exactDoubleText(value)).toBe(text);
  });

  it('is the value of every double to its last digit, and nothing more', () => {
    const doubles = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.double({ min: -1e-307, max: 1e-307, noNaN: true }),
      fc.double({ min: 1e15, max: 1e17, noNaN: true }),
      fc.constantFrom(Number.MIN_VALUE, -Number.MIN_VALUE, 2 ** -1_022, Number.MAX_VALUE, Number.EPSILON),
    );
    fc.assert(
      fc.property(doubles, (value) => {
        const text = exactDoubleText(value);
        expect(text).toMatch(/^(?:0|-?(?:[1-9]\d*|(?:0|[1-9]\d*)\.\d*[1-9]))$/u);
        expect(isExactly(text, value)).toBe(true);
      }),
      { numRuns: 300, seed: 29 },
    );
  });
});
