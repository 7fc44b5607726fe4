import * as fc from 'fast-check';
import { wrapInString } from './json-in-string.js';
import { writeJsonString } from './json-string.js';
import { OutputBuffer } from './output-buffer.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

const room = fc.nat(LARGEST_ROOM);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', '"', '\\', '\n', '\u0000', '\u001f', '\u0020', '\u007f', 'é', '😀'),
    maxLength: 40,
  }),
);
const latin1 = (json: string) => Buffer.from(json, 'utf8').toString('latin1');

/** The text as it is written with other bytes around it. */
function written(value: string, left?: number): string {
  const source = Buffer.concat([Buffer.from('"\\"'), Buffer.from(value), Buffer.from('"\\"')]);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  return writtenText((out) => writeJsonString(out, view, 3, source.length - 3), left);
}

describe('writeJsonString', () => {
  it('escapes every byte at every place of a word as JSON.stringify does', () => {
    for (let code = 0; code < 0x80; code++) {
      for (let before = 0; before < 8; before++) {
        const value = 'x'.repeat(before) + String.fromCharCode(code) + 'x'.repeat((before * 3) % 5);
        expect(written(value)).toBe(JSON.stringify(value));
      }
    }
  });

  it('writes any text as JSON.stringify does, whatever room there is', () => {
    fc.assert(
      fc.property(text, room, (value, left) => {
        expect(written(value, left)).toBe(latin1(JSON.stringify(value)));
      }),
      { numRuns: 800, seed: 79 },
    );
  });

  it('is whole with any room, whatever is escaped', () => {
    for (const value of ['', 'a', 'abcd', 'abcde', '"', '\u0001', 'abc\u0001', '\u0001\u0002\u0003\u0004\u0005\n']) {
      for (let left = 0; left <= 40; left++) expect(written(value, left)).toBe(JSON.stringify(value));
    }
  });

  it.each([
    ['ascii', false],
    ['"\u0001\u007f"', false],
    ['wordé', true],
    ['é', true],
    ['abc\u00e9', true],
    ['\u0001é', true],
  ])('sees whether %j has more than ASCII', (value, isSeen) => {
    const out = new OutputBuffer();
    const source = Buffer.from(value);
    writeJsonString(out, new DataView(source.buffer, source.byteOffset, source.length), 0, source.length);
    expect((out.seenBits & 0x80808080) !== 0).toBe(isSeen);
  });
});

describe('wrapInString', () => {
  it('makes the JSON since a position the text of a JSON string, whatever room there is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 2 }), room, (json, left) => {
        const wrapped = writtenText((out) => {
          const from = out.position;
          const bytes = Buffer.from(json);
          out.ensure(bytes.length);
          bytes.copy(out.bytes, from);
          out.position += bytes.length;
          wrapInString(out, from);
        }, left);
        expect(wrapped).toBe(latin1(JSON.stringify(json)));
      }),
      { numRuns: 300, seed: 83 },
    );
  });
});
