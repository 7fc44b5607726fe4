import { OutputBuffer } from './output-buffer.js';

/** Room in bytes that a writer may find: from none to enough. */
export const LARGEST_ROOM = 64;
/** What may stand in memory: a quote, which would be escaped. */
const LEFT_BEHIND = 0x22;
const IN_FRONT = Buffer.alloc(16, 0x2a);

/**
 * The text that `write` writes, one char per byte, with room for so many bytes left in the buffer.
 * @throws Error when it changes what stands in front of it
 */
export function writtenText(write: (out: OutputBuffer) => void, room = LARGEST_ROOM): string {
  const out = new OutputBuffer();
  out.begin();
  out.bytes.fill(LEFT_BEHIND);
  const from = out.bytes.length - room;
  out.position = from;
  out.bytes.set(IN_FRONT, from - IN_FRONT.length);
  write(out);
  if (!out.bytes.subarray(from - IN_FRONT.length, from).equals(IN_FRONT)) throw new Error('changed what is in front');
  return out.bytes.toString('latin1', from, out.position);
}
