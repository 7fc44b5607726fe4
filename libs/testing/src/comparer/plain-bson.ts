/** A BSON value by its type byte and its bytes. */
export interface PlainValue {
  readonly type: number;
  readonly bytes: Buffer;
}

/** One field of a BSON document; its name by its bytes, which need not be UTF-8. */
export interface PlainElement extends PlainValue {
  readonly name: Buffer;
}

/** Bytes of the types that always have the same size. */
const FIXED_SIZES: ReadonlyMap<number, number> = new Map([
  [0x01, 8],
  [0x06, 0],
  [0x07, 12],
  [0x08, 1],
  [0x09, 8],
  [0x0a, 0],
  [0x10, 4],
  [0x11, 8],
  [0x12, 8],
  [0x13, 16],
  [0x7f, 0],
  [0xff, 0],
]);

/**
 * The fields of a valid BSON document, in their order, with every duplicate. As plain as it can be said: it is
 * what fast code is compared with, and sees what no driver's type can hold.
 */
export function readElements(document: Buffer): PlainElement[] {
  const elements: PlainElement[] = [];
  const end = document.readInt32LE(0) - 1;
  let at = 4;
  while (at < end) {
    const type = document[at]!;
    const nameEnd = document.indexOf(0, at + 1);
    const rest = document.subarray(nameEnd + 1);
    const bytes = rest.subarray(0, sizeOf(type, rest));
    elements.push({ type, name: document.subarray(at + 1, nameEnd), bytes });
    at = nameEnd + 1 + bytes.length;
  }
  return elements;
}

/** The bytes of a string, a Symbol or a code. */
export function stringBytes(value: Buffer): Buffer {
  return value.subarray(4, 4 + value.readInt32LE(0) - 1);
}

/** Pattern and options of a regular expression. */
export function regexParts(value: Buffer): readonly [pattern: Buffer, options: Buffer] {
  const patternEnd = value.indexOf(0);
  return [value.subarray(0, patternEnd), value.subarray(patternEnd + 1, -1)];
}

function sizeOf(type: number, rest: Buffer): number {
  const fixed = FIXED_SIZES.get(type);
  if (fixed !== undefined) return fixed;
  if (type === 0x0b) return rest.indexOf(0, rest.indexOf(0) + 1) + 1;
  const length = rest.readInt32LE(0);
  // Documents, arrays and code with scope count their own length.
  if (type === 0x03 || type === 0x04 || type === 0x0f) return length;
  if (type === 0x05) return length + 5;
  return length + 4 + (type === 0x0c ? 12 : 0);
}
