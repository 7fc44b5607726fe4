import { CORRUPT, documentEnd, textEnd, valueEnd } from '../transcode/bson-layout.js';

/** Where an element stands in a larger buffer. */
export interface ElementRange {
  readonly start: number;
  readonly end: number;
}

/** The first `_id` element of the BSON document at `source[start, end)`; null when there is none to be read. */
export function findIdElement(source: Buffer, start: number, end: number): ElementRange | null {
  const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  const last = documentEnd(view, start, end) - 1;
  for (let at = start + 4; ;) {
    // There is none behind the last element, nor in a document that is corrupt.
    const nameEnd = textEnd(source, at + 1, last);
    if (nameEnd === CORRUPT) return null;
    const next = valueEnd(source, view, source[at]!, nameEnd + 1, last);
    if (next === CORRUPT) return null;
    if (isIdName(source, at + 1, nameEnd)) return { start: at, end: next };
    at = next;
  }
}

/**
 * The `_id` element of the BSON document that begins at `start`, as a copy; null when there is none to be read.
 * Its value may still be corrupt inside when it is a document.
 */
export function readIdElement(document: Buffer, start: number): Buffer | null {
  const range = findIdElement(document, start, document.length);
  return range === null ? null : Buffer.from(document.subarray(range.start, range.end));
}

function isIdName(source: Buffer, from: number, to: number): boolean {
  return to - from === 3 && source[from] === 0x5f && source[from + 1] === 0x69 && source[from + 2] === 0x64;
}
