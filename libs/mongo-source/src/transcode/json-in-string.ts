import type { OutputBuffer } from './output-buffer.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Turns the JSON written since `from` into a JSON string with that JSON as its text. */
export function wrapInString(out: OutputBuffer, from: number): void {
  const end = out.position;
  let escapes = 0;
  for (let at = from; at < end; at++) {
    const byte = out.bytes[at];
    if (byte === QUOTE || byte === BACKSLASH) escapes++;
  }
  out.ensure(escapes + 2);
  const bytes = out.bytes;
  let write = end + escapes + 2;
  out.position = write;
  bytes[--write] = QUOTE;
  for (let read = end - 1; read >= from; read--) {
    const byte = bytes[read]!;
    bytes[--write] = byte;
    if (byte === QUOTE || byte === BACKSLASH) bytes[--write] = BACKSLASH;
  }
  bytes[from] = QUOTE;
}
