/** The `_id` element of the BSON document that begins at `start`, as a copy; null when there is none to be read. */
export function readIdElement(_document: Buffer, _start: number): Buffer | null {
  throw new Error('not written yet');
}
