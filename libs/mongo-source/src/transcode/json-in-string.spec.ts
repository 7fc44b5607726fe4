import * as fc from 'fast-check';
import { wrapInString } from './json-in-string.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

describe('wrapInString', () => {
  it('makes the JSON since a position the text of a JSON string, whatever room there is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), fc.nat(LARGEST_ROOM), (json, room) => {
        const wrapped = writtenText((out) => {
          const from = out.position;
          const bytes = Buffer.from(json);
          out.ensure(bytes.length);
          bytes.copy(out.bytes, from);
          out.position += bytes.length;
          wrapInString(out, from);
        }, room);
        expect(wrapped).toBe(Buffer.from(JSON.stringify(json)).toString('latin1'));
      }),
      { numRuns: 300, seed: 83 },
    );
  });
});
