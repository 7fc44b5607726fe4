import * as fc from 'fast-check';
import { writeJsonText } from './json-string.js';
import { OutputBuffer } from './output-buffer.js';
import { LARGEST_ROOM, writtenText } from './written-text.fixture.js';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom('a', 'b', '"', '\\', '\n', '\u0000', '\u001f', ' ', '\u007f', 'é', '😀'),
    maxLength: 40,
  }),
);

/** The bytes as they are written with others around them, one char per byte. */
function written(bytes: Buffer, room?: number): string {
  const source = Buffer.concat([Buffer.from('"\\"'), bytes, Buffer.from('"\\"')]);
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  return writtenText((out) => writeJsonText(out, view, 3, source.length - 3), room);
}

/** What `JSON.stringify` writes between the quotes, as UTF-8 with one char per byte. */
const expected = (value: string) => Buffer.from(JSON.stringify(value).slice(1, -1)).toString('latin1');

function seenBits(...values: string[]): number {
  const out = new OutputBuffer();
  for (const value of values) {
    const source = Buffer.from(value, 'latin1');
    writeJsonText(out, new DataView(source.buffer, source.byteOffset, source.length), 0, source.length);
  }
  return out.seenBits & 0x80808080;
}

describe('writeJsonText', () => {
  it('escapes every byte at every place of a word as JSON.stringify does, and copies what is not ASCII', () => {
    for (let byte = 0; byte < 256; byte++) {
      for (let before = 0; before < 8; before++) {
        const [front, behind] = ['x'.repeat(before), '"x'.repeat((before * 3) % 5)];
        const escaped = byte < 0x80 ? expected(String.fromCharCode(byte)) : String.fromCharCode(byte);
        const bytes = Buffer.concat([Buffer.from(front), Buffer.from([byte]), Buffer.from(behind)]);
        expect(written(bytes)).toBe(front + escaped + expected(behind));
      }
    }
  });

  it('writes any text as JSON.stringify does, whatever room there is', () => {
    fc.assert(
      fc.property(text, fc.nat(LARGEST_ROOM), (value, room) => {
        expect(written(Buffer.from(value), room)).toBe(expected(value));
      }),
      { numRuns: 800, seed: 79 },
    );
  });

  it.each([
    '',
    'abcd',
    'abcde',
    '"',
    '\u0001',
    'abc\u0001',
    '\u0001abcdefgh',
    '\u0001bcdefghijkl',
    '\u0001\u0002\u0003\u0004\u0005\n',
  ])('is whole with any room: %j', (value) => {
    for (let room = 0; room <= LARGEST_ROOM; room++) expect(written(Buffer.from(value), room)).toBe(expected(value));
  });

  it.each([
    [['ascii', '"\u0001\u007f"'], false],
    [['\u00e9'], true],
    [['\u00e9aaa'], true],
    [['aaa\u00e9bbbb'], true],
    [['\u00e9"'], true],
    [['\u00e9"aa', 'a'], true],
    [['\u00e9a', 'a'], true],
    [['aaaa\u00e9', 'bbbb'], true],
    [['\u00e9aaa', 'bbbb'], true],
  ])('sees whether there is more than ASCII in %j', (values, isSeen) => {
    expect(seenBits(...values) !== 0).toBe(isSeen);
  });
});
