import { LockstepError } from '@lockstep/core';
import { documentEnd } from '../transcode/bson-layout.js';
import { readIdElement } from './read-id-element.js';

/** The stored form of a key, of a scan position and of a bound of a range: base64 of the BSON document `{_id}`. */
export function encodeKeyDocument(idElement: Buffer): string {
  const bytes = Buffer.alloc(idElement.length + 5);
  bytes.writeInt32LE(bytes.length, 0);
  idElement.copy(bytes, 4);
  return bytes.toString('base64');
}

/**
 * The `_id` element of a stored key.
 * @throws LockstepError STATE_CORRUPT
 */
export function decodeKeyDocument(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isWhole = documentEnd(view, 0, bytes.length) === bytes.length;
  const element = isWhole ? readIdElement(bytes, 0) : null;
  if (element === null) throw new LockstepError('STATE_CORRUPT', 'reading a stored key: it is not one of ours');
  return element;
}
