import type { OutputBuffer } from './output-buffer.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const HIGH_BITS = 0x80808080 | 0;
const LONGEST_ESCAPE = 6;

/** Second byte of the short escapes, 1 for `\u00xx`, 0 for bytes that are written as they are. */
const ESCAPES = escapeTable();
const HEX_DIGITS = Buffer.from('0123456789abcdef');

function escapeTable(): Uint8Array {
  const table = new Uint8Array(256);
  table.fill(1, 0, 0x20);
  for (const [byte, letter] of [
    [0x08, 'b'],
    [0x09, 't'],
    [0x0a, 'n'],
    [0x0c, 'f'],
    [0x0d, 'r'],
    [QUOTE, '"'],
    [BACKSLASH, '\\'],
  ] as const) {
    table[byte] = letter.charCodeAt(0);
  }
  return table;
}

/**
 * Writes `source[from, to)` with JSON's escapes, without quotes. Copies and tests four bytes at a time; a word
 * that holds a byte to be escaped goes byte by byte. Bytes above 0x7f are copied and noted in `out.seenBits`.
 */
export function writeJsonText(out: OutputBuffer, source: DataView, from: number, to: number): void {
  out.ensure(to - from);
  const lastWord = to - 4;
  let view = out.view;
  let position = out.position;
  let seen = 0;
  let at = from;
  for (; at <= lastWord; at += 4) {
    const word = source.getInt32(at, true);
    const quotes = word ^ 0x22222222;
    const slashes = word ^ 0x5c5c5c5c;
    const hits =
      ((word - 0x20202020) & ~word) | ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes);
    seen |= word;
    if ((hits & HIGH_BITS) === 0) {
      view.setInt32(position, word, true);
      position += 4;
    } else {
      out.position = position;
      writeBytes(out, source, at, at + 4);
      out.ensure(to - at - 4);
      view = out.view;
      position = out.position;
    }
  }
  out.seenBits |= seen;
  out.position = position;
  writeBytes(out, source, at, to);
}

/** Writes up to four bytes one by one. */
function writeBytes(out: OutputBuffer, source: DataView, from: number, to: number): void {
  out.ensure((to - from) * LONGEST_ESCAPE);
  const bytes = out.bytes;
  let position = out.position;
  for (let at = from; at < to; at++) {
    const byte = source.getUint8(at);
    const escape = ESCAPES[byte]!;
    if (escape === 0) {
      bytes[position++] = byte;
      out.seenBits |= byte;
    } else {
      bytes[position++] = BACKSLASH;
      if (escape !== 1) {
        bytes[position++] = escape;
      } else {
        bytes[position++] = 0x75;
        bytes[position++] = 0x30;
        bytes[position++] = 0x30;
        bytes[position++] = HEX_DIGITS[byte >> 4]!;
        bytes[position++] = HEX_DIGITS[byte & 15]!;
      }
    }
  }
  out.position = position;
}
