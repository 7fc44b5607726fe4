import * as fc from 'fast-check';
import { ALL_TYPES, FieldShape } from './field-shape.js';

const plain = { path: 'p', level: 1, isSpecial: false, isMovable: false, note: null };
const shapeOf = (raw: string, isTracked = true) => new FieldShape({ ...plain, raw, name: raw, isTracked });
const viewOf = (bytes: Buffer) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const name = fc.oneof(
  fc.uint8Array({ min: 1, maxLength: 14 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 9 }),
);

/** Whether the field is recognised at `from`, with so many bytes below the limit behind the NUL of the name there. */
function isMatch(field: FieldShape, there: string, { from, behind }: { from: number; behind: number }): boolean {
  const text = Buffer.from(`${there}\0`, 'latin1');
  const bytes = Buffer.concat([Buffer.alloc(from, 0x61), text, Buffer.alloc(behind, 0x61)]);
  return field.matches(viewOf(bytes), from, bytes.length);
}

describe('FieldShape', () => {
  it('recognises its own name wherever it stands, next to the end of the bytes, too', () => {
    fc.assert(
      fc.property(name, fc.nat(9), fc.nat(5), (raw, behind, from) => {
        expect(isMatch(shapeOf(raw), raw, { from, behind })).toBe(true);
      }),
      { numRuns: 400, seed: 101 },
    );
  });

  it('recognises no other name', () => {
    const pair = fc.oneof(
      fc.tuple(name, name),
      fc.tuple(name, fc.nat(13), fc.integer({ min: 1, max: 255 })).map(([raw, at, code]): [string, string] => {
        const other = raw.slice(0, at) + String.fromCharCode(code) + raw.slice(at + 1);
        return [raw, other];
      }),
      fc
        .tuple(name, fc.constantFrom('a', '\u0080', '\u00ff'))
        .map(([raw, more]): [string, string] => [raw, raw + more]),
      fc
        .tuple(name, fc.constantFrom('a', '\u0080', '\u00ff'))
        .map(([raw, more]): [string, string] => [raw + more, raw]),
    );
    fc.assert(
      fc.property(pair, fc.nat(9), fc.nat(5), ([raw, there], behind, from) => {
        expect(isMatch(shapeOf(raw), there, { from, behind })).toBe(raw === there);
      }),
      { numRuns: 600, seed: 103 },
    );
  });

  it('is not recognised where the limit comes before the end of its name', () => {
    for (let length = 0; length < 10; length++) {
      const raw = 'a'.repeat(length);
      const bytes = Buffer.concat([Buffer.from(`${raw}\0`), Buffer.alloc(8)]);
      for (let limit = 0; limit <= length; limit++) {
        expect(shapeOf(raw).matches(viewOf(bytes), 0, limit)).toBe(false);
        expect(shapeOf(raw).matches(viewOf(bytes.subarray(0, limit)), 0, limit)).toBe(false);
      }
      expect(shapeOf(raw).matches(viewOf(bytes), 0, length + 1)).toBe(true);
    }
  });

  it('has its key as words of UTF-8, the last one padded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (text) => {
        const field = new FieldShape({ ...plain, raw: 'a', name: text, isTracked: true });
        const bytes = Buffer.from(field.keyWords.buffer);
        const key = Buffer.from(`,${JSON.stringify(text)}:`);
        expect(field.keyBytes).toBe(key.length);
        expect(bytes.subarray(0, field.keyBytes)).toEqual(key);
        expect(bytes.length - key.length).toBeLessThan(4);
      }),
      { numRuns: 200, seed: 107 },
    );
  });

  it('is what it was made of', () => {
    const options = { ...plain, raw: 'a', name: 'b', level: 3, isSpecial: true, isMovable: true, isTracked: true };
    expect(new FieldShape({ ...options, note: 'fieldRenamed' })).toMatchObject({ ...options, note: 'fieldRenamed' });
    expect(new FieldShape({ ...options, isTracked: false }).isTracked).toBe(false);
  });

  it('that is not tracked reports no types and is never recognised', () => {
    const field = shapeOf('abc', false);
    expect(field.reportedTypes).toBe(ALL_TYPES);
    expect(ALL_TYPES | 1).toBe(-1);
    expect(isMatch(field, 'abc', { from: 0, behind: 8 })).toBe(false);
    expect(shapeOf('abc').reportedTypes & 0x7fff_fffe).toBe(0);
  });
});
