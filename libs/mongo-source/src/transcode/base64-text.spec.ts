import * as fc from 'fast-check';
import { writeBase64 } from './base64-text.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

describe('writeBase64', () => {
  it('writes what Node writes, of any bytes anywhere and whatever room there is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(5), fc.nat(LARGEST_ROOM), (bytes, before, room) => {
        const source = Buffer.concat([Buffer.alloc(before, 0xff), bytes, Buffer.alloc(3, 0xff)]);
        const text = writtenText((out) => writeBase64(out, source, before, before + bytes.length), room);
        expect(text).toBe(`"${Buffer.from(bytes).toString('base64')}"`);
      }),
      { numRuns: 400, seed: 47 },
    );
  });

  it('writes every group of three bytes', () => {
    const source = Buffer.from(Array.from({ length: 4_096 }, (_, n) => [n >> 4, (n & 15) << 4, n & 255]).flat());
    const text = writtenText((out) => writeBase64(out, source, 0, source.length));
    expect(text).toBe(`"${source.toString('base64')}"`);
  });

  it('is whole with any room, at any length', () => {
    for (let length = 0; length <= 12; length++) {
      const source = Buffer.alloc(length, 0xfb);
      for (let room = 0; room <= 20; room++) {
        const text = writtenText((out) => writeBase64(out, source, 0, length), room);
        expect(text).toBe(`"${source.toString('base64')}"`);
      }
    }
  });
});
