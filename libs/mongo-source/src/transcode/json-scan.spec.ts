import * as fc from 'fast-check';
import { memberEnd } from './json-scan.js';

const value = fc.oneof(
  fc.json({ maxDepth: 3 }),
  fc.constantFrom('"', '\\', '}', '{"', '],', '\\"').map((text) => JSON.stringify(text)),
  fc.constantFrom('{}', '[]', '[[]]', '{"a":{}}', '[{},[]]', '-1.5e+3'),
);

describe('memberEnd', () => {
  it('is behind the value of a member, whatever comes behind it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('x', '{"front":[1', '"'),
        fc.constantFrom(',', '{'),
        fc.string({ maxLength: 6 }),
        value,
        fc.constantFrom('', ',"next":"}"', '}', '},', '}]"'),
        (front, begin, name, json, behind) => {
          const member = `${begin}${JSON.stringify(name)}:${json}`;
          const bytes = Buffer.from(front + member + behind);
          const from = Buffer.byteLength(front);
          expect(memberEnd(bytes, from, bytes.length)).toBe(from + Buffer.byteLength(member));
        },
      ),
      { numRuns: 500, seed: 97 },
    );
  });

  it('is the limit for a value that ends there, whatever stands behind', () => {
    for (const behind of ['456', '"x"', '{', '}']) {
      const bytes = Buffer.from(`,"a":123${behind}`);
      expect(memberEnd(bytes, 0, 8)).toBe(8);
    }
  });
});
