import type { NoteKind } from './conversion-notes.js';

/** Types of a field that were reported, or do not want to be. */
export const ALL_TYPES = -1;
const NO_WORDS = new Int32Array(0);
const WORD_BYTES = 4;

/** What kind of object a shape describes: names are treated differently at the top and in a DBRef. */
export type ObjectRole = 'top' | 'object' | 'dbRef';

/** The fields that the objects at one path have had. */
export interface FieldSet {
  readonly options: { readonly role: ObjectRole; readonly idField: string | null };
  /** The field that an object began with, the last time. */
  first: FieldShape | null;
  /** The field with this BSON name, under its usual JSON name. */
  field(raw: string): FieldShape;
  /** The same field under the name that its siblings leave to it. */
  renamed(field: FieldShape, name: string): FieldShape;
}

export interface FieldShapeOptions {
  /** The bytes of the BSON name, one char per byte. */
  readonly raw: string;
  /** The name in JSON. */
  readonly name: string;
  /** Dotted JSON path; empty for a field that is not remembered. */
  readonly path: string;
  /** Levels of objects above a value of this field. */
  readonly level: number;
  readonly isSpecial: boolean;
  /** The name gives way to siblings that have it by themselves. */
  readonly isMovable: boolean;
  readonly note: NoteKind | null;
  /** False for a field that is forgotten with its document. */
  readonly isTracked: boolean;
}

/** One field of one object shape: what its name looks like in BSON and in JSON, and what came next to it. */
export class FieldShape {
  readonly raw: string;
  readonly name: string;
  readonly path: string;
  readonly level: number;
  /** The name depends on siblings or is the `_id`: the plain path must not take it. */
  readonly isSpecial: boolean;
  /** The name gives way to siblings that have it by themselves. */
  readonly isMovable: boolean;
  readonly note: NoteKind | null;
  readonly isTracked: boolean;
  /** `,"name":` in UTF-8, in words that are copied four bytes at a time; the last is padded. */
  readonly keyWords: Int32Array;
  readonly keyBytes: number;
  /** Bytes of the BSON name without its NUL. */
  readonly rawLength: number;
  private readonly rawWords: Int32Array;
  private readonly lastMask: number;
  /** Bit per BSON type that was reported for this field. */
  reportedTypes: number;
  /** Fields that followed this one: the last time, and before that. */
  next: FieldShape | null = null;
  other: FieldShape | null = null;
  /** The object in which this field was last met, and where it was written. */
  instance = 0;
  writtenAt = 0;
  /** Shapes of its objects; a DBRef has other names than an object has. */
  object: FieldSet | null = null;
  dbRef: FieldSet | null = null;

  constructor(options: FieldShapeOptions) {
    this.raw = options.raw;
    this.name = options.name;
    this.path = options.path;
    this.level = options.level;
    this.isSpecial = options.isSpecial;
    this.isMovable = options.isMovable;
    this.note = options.note;
    this.isTracked = options.isTracked;
    const key = Buffer.from(`,${JSON.stringify(options.name)}:`);
    this.keyWords = wordsOf(key);
    this.keyBytes = key.length;
    this.rawLength = options.raw.length;
    this.rawWords = options.isTracked ? wordsOf(Buffer.from(`${options.raw}\0`, 'latin1')) : NO_WORDS;
    const tail = (this.rawLength + 1) % WORD_BYTES;
    this.lastMask = tail === 0 ? -1 : (1 << (tail * 8)) - 1;
    this.reportedTypes = options.isTracked ? 0 : ALL_TYPES;
  }

  /** True when the name at `from`, NUL included, is this one; looks at `[from, limit)` only. */
  matches(source: DataView, from: number, limit: number): boolean {
    const words = this.rawWords;
    const last = words.length - 1;
    if (from + (last + 1) * WORD_BYTES > limit) return this.matchesNearEnd(source, from, limit);
    let at = from;
    for (let i = 0; i < last; i++, at += WORD_BYTES) {
      if (source.getInt32(at, true) !== words[i]) return false;
    }
    return (source.getInt32(at, true) & this.lastMask) === words[last];
  }

  private matchesNearEnd(source: DataView, from: number, limit: number): boolean {
    const length = this.rawLength;
    if (from + length >= limit || source.getUint8(from + length) !== 0) return false;
    for (let i = 0; i < length; i++) {
      if (source.getUint8(from + i) !== this.raw.charCodeAt(i)) return false;
    }
    return true;
  }
}

function wordsOf(bytes: Buffer): Int32Array {
  const words = new Int32Array(Math.ceil(bytes.length / WORD_BYTES));
  // Byte by byte: short arrays then need no memory outside the heap.
  for (let i = 0; i < bytes.length; i++) words[i >> 2]! |= bytes[i]! << ((i & 3) * 8);
  return words;
}
