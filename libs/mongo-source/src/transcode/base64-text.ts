import type { OutputBuffer } from './output-buffer.js';

const QUOTE = 0x22;
const PAD = 0x3d;
const ALPHABET = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Two letters for each 12-bit value, as a 16-bit little-endian word. */
const PAIRS = Uint16Array.from({ length: 4096 }, (_, n) => ALPHABET[n >> 6]! | (ALPHABET[n & 63]! << 8));

/** Writes `source[from, to)` as a JSON string of base64 with padding. */
export function writeBase64(out: OutputBuffer, source: Uint8Array, from: number, to: number): void {
  out.ensure(Math.ceil((to - from) / 3) * 4 + 2);
  const view = out.view;
  let position = out.position;
  view.setUint8(position++, QUOTE);
  const lastTriple = to - 3;
  let at = from;
  for (; at <= lastTriple; at += 3) {
    const bits = (source[at]! << 16) | (source[at + 1]! << 8) | source[at + 2]!;
    view.setUint16(position, PAIRS[bits >> 12]!, true);
    view.setUint16(position + 2, PAIRS[bits & 0xfff]!, true);
    position += 4;
  }
  const left = to - at;
  if (left > 0) {
    const bits = (source[at]! << 16) | (left === 2 ? source[at + 1]! << 8 : 0);
    view.setUint16(position, PAIRS[bits >> 12]!, true);
    view.setUint8(position + 2, left === 2 ? ALPHABET[(bits >> 6) & 63]! : PAD);
    view.setUint8(position + 3, PAD);
    position += 4;
  }
  view.setUint8(position, QUOTE);
  out.position = position + 1;
}
