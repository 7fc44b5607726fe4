import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { hashedId } from '@lockstep/contracts';
import { BSON, CORRUPT, stringEnd } from '../transcode/bson-layout.js';
import { typedText } from './nested-typed-text.js';
import { unreadableDocumentId } from './unreadable-document-id.js';

/** Elasticsearch refuses a whole bulk request when one id has more bytes of UTF-8. */
const LONGEST_ID_BYTES = 512;
/** Type byte and name: `_id` and its NUL. */
const HEADER_BYTES = 5;
/** Strings that are the id of something else. */
const TAKEN = /^(?:[0-9a-f]{24}$|[{"]|$)/u;

/**
 * The Elasticsearch id of an `_id`, given as its BSON element `[type]["_id\0"][value]` (docs/documents.md). Injective and
 * stable over all BSON values. An element that is not BSON gets an id that no `_id` has.
 */
export function encodeDocumentId(element: Buffer): string {
  const view = new DataView(element.buffer, element.byteOffset, element.byteLength);
  return encodeIdAt(element, view, 0, element.length) ?? unreadableDocumentId(element);
}

/** The same for an element at `at` of a larger buffer that ends at or before `limit`; null when it is not BSON. */
export function encodeIdAt(bytes: Buffer, view: DataView, at: number, limit: number): string | null {
  const text = textAt(bytes, view, at, limit);
  return text === null ? null : bounded(text);
}

/** The typed text of an `_id` element, however long it is; null when the element is not BSON. */
export function typedIdText(element: Buffer): string | null {
  const view = new DataView(element.buffer, element.byteOffset, element.byteLength);
  return textAt(element, view, 0, element.length);
}

function textAt(bytes: Buffer, view: DataView, at: number, limit: number): string | null {
  const value = at + HEADER_BYTES;
  const type = bytes[at]!;
  if (type === BSON.objectId) return value + 12 > limit ? null : bytes.toString('hex', value, value + 12);
  if (type === BSON.string || type === BSON.symbol) {
    const end = stringEnd(view, value, limit);
    return end === CORRUPT ? null : stringId(bytes, value + 4, end - 1);
  }
  return typedText({ bytes, view }, type, value, limit);
}

function stringId(bytes: Buffer, from: number, to: number): string {
  const slice = bytes.subarray(from, to);
  if (!isUtf8(slice)) return `{"$string":"${slice.toString('base64')}"}`;
  const text = slice.toString('utf8');
  return TAKEN.test(text) ? JSON.stringify(text) : text;
}

function bounded(text: string): string {
  if (text.length * 3 <= LONGEST_ID_BYTES || Buffer.byteLength(text) <= LONGEST_ID_BYTES) return text;
  return hashedId(createHash('sha256').update(text).digest('hex'));
}
