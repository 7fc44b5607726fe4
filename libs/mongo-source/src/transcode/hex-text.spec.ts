import * as fc from 'fast-check';
import { writeObjectId, writeUuid } from './hex-text.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

const bytesWith = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length + 8 }).map((bytes) => Buffer.from(bytes));

describe('hex text', () => {
  it('of an ObjectId is its twelve bytes, wherever they stand and whatever room there is', () => {
    fc.assert(
      fc.property(bytesWith(12), fc.nat(LARGEST_ROOM), (source, room) => {
        const from = source.length - 12;
        const text = writtenText((out) => writeObjectId(out, source, from), room);
        expect(text).toBe(`"${source.toString('hex', from)}"`);
      }),
      { numRuns: 200, seed: 41 },
    );
  });

  it('of a UUID is its sixteen bytes with dashes, wherever they stand and whatever room there is', () => {
    fc.assert(
      fc.property(bytesWith(16), fc.nat(LARGEST_ROOM), (source, room) => {
        const from = source.length - 16;
        const text = writtenText((out) => writeUuid(out, source, from), room);
        const groups = [8, 12, 16, 20].map((to, i) => source.toString('hex', from).slice([0, 8, 12, 16][i], to));
        expect(text).toBe(`"${groups.join('-')}-${source.toString('hex', from + 10)}"`);
      }),
      { numRuns: 200, seed: 43 },
    );
  });

  it.each([25, 37])('is whole with room for %d bytes', (room) => {
    const source = Buffer.alloc(16, 0xab);
    expect(writtenText((out) => writeObjectId(out, source, 0), room)).toBe(`"${'ab'.repeat(12)}"`);
    expect(writtenText((out) => writeUuid(out, source, 0), room)).toBe('"abababab-abab-abab-abab-abababababab"');
  });
});
