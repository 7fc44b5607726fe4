import { LockstepError } from '@lockstep/core';
import { readIdElement } from '../document-id/read-id-element.js';

/** The stored form of a scan position: base64 of the BSON document `{_id: <last read>}`. */
export function encodeScanCursor(idElement: Buffer): string {
  const bytes = Buffer.alloc(idElement.length + 5);
  bytes.writeInt32LE(bytes.length, 0);
  idElement.copy(bytes, 4);
  return bytes.toString('base64');
}

/**
 * The `_id` element of a stored scan position.
 * @throws LockstepError STATE_CORRUPT
 */
export function decodeScanCursor(cursor: string): Buffer {
  const bytes = Buffer.from(cursor, 'base64');
  const isWhole = bytes.length > 5 && bytes.readInt32LE(0) === bytes.length && bytes.at(-1) === 0;
  const element = isWhole ? readIdElement(bytes, 0) : null;
  if (element === null) throw new LockstepError('STATE_CORRUPT', 'reading the scan cursor: it is not one of ours');
  return element;
}
