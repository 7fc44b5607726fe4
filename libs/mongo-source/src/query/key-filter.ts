import type { Document } from 'mongodb';
import { rawEntry } from '../bson/raw-value.js';

const ARRAY = 0x04;
const EMBEDDED = 0x03;
const UNDEFINED = 0x06;
const REGEX = 0x0b;
const DOLLAR = 0x24;
/** `[type]["_id\0"]` */
const ELEMENT_HEAD = 5;

/**
 * A filter for documents whose `_id` equals one of the elements `[type]["_id\0"][value]`, by MongoDB's
 * equality and byte for byte. What `$in` would take for a pattern or an operator is compared by `$expr`.
 */
export function keyFilter(elements: readonly Buffer[]): Document {
  const plain = elements.filter((element) => !isSpecial(element));
  const special = elements.filter(isSpecial);
  const branches: Document[] = special.map((element) => ({
    $expr: { $eq: ['$_id', rawEntry('$literal', element[0] ?? 0, element.subarray(ELEMENT_HEAD))] },
  }));
  if (plain.length > 0) branches.unshift({ _id: rawEntry('$in', ARRAY, arrayBytes(plain)) });
  return branches.length === 1 ? (branches[0] ?? {}) : { $or: branches };
}

/** Where keys lie, seen from a bound. */
export type KeyComparison = '$gt' | '$gte' | '$lt' | '$lte';

/**
 * A filter for documents whose `_id` lies so to the element's, across BSON types. It has index bounds; a plain
 * comparison would stay within the type of the element.
 * @param path of the key
 */
export function keyBound(comparison: KeyComparison, element: Buffer, path = '_id'): Document {
  const literal = rawEntry('$literal', element[0] ?? 0, element.subarray(ELEMENT_HEAD));
  return { $expr: { [comparison]: [`$${path}`, literal] } };
}

function isSpecial(element: Buffer): boolean {
  const type = element[0];
  if (type === REGEX || type === UNDEFINED) return true;
  return type === EMBEDDED && element[ELEMENT_HEAD + 4] !== 0 && element[ELEMENT_HEAD + 5] === DOLLAR;
}

function arrayBytes(elements: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.alloc(4)];
  elements.forEach((element, index) => {
    parts.push(element.subarray(0, 1), Buffer.from(`${index}\0`, 'latin1'), element.subarray(ELEMENT_HEAD));
  });
  parts.push(Buffer.alloc(1));
  const bytes = Buffer.concat(parts);
  bytes.writeInt32LE(bytes.length, 0);
  return bytes;
}
