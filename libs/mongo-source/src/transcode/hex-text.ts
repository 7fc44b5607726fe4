import type { OutputBuffer } from './output-buffer.js';

const QUOTE = 0x22;
const DASH = 0x2d;
const UUID_BYTES = 16;

/** `00` … `ff`, each as the 16-bit little-endian word of its two ASCII digits. */
const PAIRS = Uint16Array.from({ length: 256 }, (_, n) => Buffer.from(n.toString(16).padStart(2, '0')).readUInt16LE(0));

/** Writes the twelve bytes of an ObjectId as `"24 hex digits"`. */
export function writeObjectId(out: OutputBuffer, source: Uint8Array, from: number): void {
  out.ensure(26);
  const view = out.view;
  let at = out.position;
  view.setUint8(at++, QUOTE);
  for (let i = from; i < from + 12; i += 2) {
    view.setInt32(at, PAIRS[source[i]!]! | (PAIRS[source[i + 1]!]! << 16), true);
    at += 4;
  }
  view.setUint8(at, QUOTE);
  out.position = at + 1;
}

/** Writes the sixteen bytes of a UUID, in the order they are stored, as `"8-4-4-4-12"`. */
export function writeUuid(out: OutputBuffer, source: Uint8Array, from: number): void {
  out.ensure(38);
  const view = out.view;
  let at = out.position;
  view.setUint8(at++, QUOTE);
  for (let i = 0; i < UUID_BYTES; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) view.setUint8(at++, DASH);
    view.setUint16(at, PAIRS[source[from + i]!]!, true);
    at += 2;
  }
  view.setUint8(at, QUOTE);
  out.position = at + 1;
}
