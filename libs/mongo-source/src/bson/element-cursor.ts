import { LockstepError } from '@lockstep/core';

const CSTRING_PAIR = -1;
const LENGTH_PREFIXED_STRING = -2;
const LENGTH_PREFIXED_DOCUMENT = -3;
const BINARY = -4;
const DB_POINTER = -5;

/** Length of a value by its type byte (bsonspec.org), or how to find it. */
const VALUE_LENGTHS: Readonly<Record<number, number>> = {
  0x01: 8, 0x02: LENGTH_PREFIXED_STRING, 0x03: LENGTH_PREFIXED_DOCUMENT, 0x04: LENGTH_PREFIXED_DOCUMENT,
  0x05: BINARY, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0a: 0, 0x0b: CSTRING_PAIR, 0x0c: DB_POINTER,
  0x0d: LENGTH_PREFIXED_STRING, 0x0e: LENGTH_PREFIXED_STRING, 0x0f: LENGTH_PREFIXED_DOCUMENT,
  0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0x7f: 0, 0xff: 0,
}; // prettier-ignore

/** Walks the elements of one BSON document within a larger buffer; nothing is decoded or copied. */
export class ElementCursor {
  /** Type byte of the current element. */
  type = 0;
  /** Offset of its type byte. */
  start = 0;
  valueStart = 0;
  /** Offset after its value. */
  end: number;
  readonly #source: Buffer;
  readonly #documentEnd: number;

  /**
   * @param documentStart offset of the length of the document
   * @throws LockstepError SOURCE_READ_FAILED when the length reaches outside of the buffer
   */
  constructor(source: Buffer, documentStart: number) {
    this.#source = source;
    const length = documentStart + 5 > source.length ? 0 : source.readInt32LE(documentStart);
    this.#documentEnd = documentStart + length;
    if (length < 5 || this.#documentEnd > source.length) throw malformed();
    this.end = documentStart + 4;
  }

  /** Moves to the next element; false at the end of the document. */
  next(): boolean {
    const source = this.#source;
    this.start = this.end;
    this.type = source[this.start] ?? 0;
    if (this.type === 0) return false;
    const nameEnd = source.indexOf(0, this.start + 1);
    if (nameEnd < 0) throw malformed();
    this.valueStart = nameEnd + 1;
    this.end = this.valueStart + valueLength(source, this.type, this.valueStart);
    if (this.end >= this.#documentEnd) throw malformed();
    return true;
  }

  get name(): string {
    return this.#source.toString('latin1', this.start + 1, this.valueStart - 1);
  }

  /** The current value as a string; null when it is none. */
  string(): string | null {
    return this.type === 0x02 ? this.#source.toString('utf8', this.valueStart + 4, this.end - 1) : null;
  }

  /** The 64 bits of the current value (int64, Timestamp); null when it has other bits. */
  uint64(): bigint | null {
    return this.type === 0x12 || this.type === 0x11 ? this.#source.readBigUInt64LE(this.valueStart) : null;
  }
}

function valueLength(source: Buffer, type: number, start: number): number {
  const kind = VALUE_LENGTHS[type];
  if (kind === undefined) throw malformed();
  if (kind >= 0) return kind;
  if (kind === CSTRING_PAIR) {
    const patternEnd = source.indexOf(0, start);
    const flagsEnd = patternEnd < 0 ? -1 : source.indexOf(0, patternEnd + 1);
    if (flagsEnd < 0) throw malformed();
    return flagsEnd + 1 - start;
  }
  const length = start + 4 > source.length ? -1 : source.readInt32LE(start);
  if (length < 0) throw malformed();
  switch (kind) {
    case LENGTH_PREFIXED_STRING:
      return 4 + length;
    case BINARY:
      return 5 + length;
    case DB_POINTER:
      return 4 + length + 12;
    default:
      return length;
  }
}

function malformed(): LockstepError {
  return new LockstepError('SOURCE_READ_FAILED', 'reading a reply: it is not valid BSON');
}
