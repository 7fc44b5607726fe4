import { LockstepError } from '@lockstep/core';
import { BSON, CORRUPT, documentEnd, textEnd, valueEnd } from '../transcode/bson-layout.js';

/** Walks the elements of one BSON document within a larger buffer; nothing is decoded or copied. */
export class ElementCursor {
  /** Offset of the current value. */
  valueStart: number;
  /** Offset after it. */
  end: number;
  readonly #source: Buffer;
  readonly #view: DataView;
  /** Where the final NUL of the document stands. */
  readonly #limit: number;
  /** Where the current element begins. */
  #start: number;

  /**
   * @param documentStart offset of the length of the document
   * @throws LockstepError SOURCE_READ_FAILED when the length reaches outside of the buffer
   */
  constructor(source: Buffer, documentStart: number) {
    this.#source = source;
    this.#view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    const end = documentEnd(this.#view, documentStart, source.length);
    if (end === CORRUPT) throw malformed();
    this.#limit = end - 1;
    this.#start = this.valueStart = this.end = documentStart + 4;
  }

  /**
   * Moves to the next element; false at the end of the document.
   * @throws LockstepError SOURCE_READ_FAILED when it does not end inside the document
   */
  next(): boolean {
    const start = this.end;
    if (start === this.#limit) return false;
    const nameEnd = textEnd(this.#source, start + 1, this.#limit);
    if (nameEnd === CORRUPT) throw malformed();
    const end = valueEnd(this.#source, this.#view, this.#source[start]!, nameEnd + 1, this.#limit);
    if (end === CORRUPT) throw malformed();
    this.#start = start;
    this.valueStart = nameEnd + 1;
    this.end = end;
    return true;
  }

  get name(): string {
    return this.#source.toString('latin1', this.#start + 1, this.valueStart - 1);
  }

  /** The current value as a string; null when it is none. */
  string(): string | null {
    return this.#type === BSON.string ? this.#source.toString('utf8', this.valueStart + 4, this.end - 1) : null;
  }

  /** The 64 bits of the current value (int64, Timestamp); null when it has other bits. */
  uint64(): bigint | null {
    const type = this.#type;
    return type === BSON.timestamp || type === BSON.int64 ? this.#view.getBigUint64(this.valueStart, true) : null;
  }

  get #type(): number {
    return this.#source[this.#start]!;
  }
}

function malformed(): LockstepError {
  return new LockstepError('SOURCE_READ_FAILED', 'reading a reply: it is not valid BSON');
}
