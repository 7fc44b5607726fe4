import type { FieldSet, FieldShape } from './field-shape.js';

/** One open object or array of the document being walked. Frames are reused: they hold the depth, not the stack. */
export class WalkFrame {
  /** Where its BSON begins, and where its final NUL stands. */
  start = 0;
  end = 0;
  /** Where the element at hand begins. */
  elementAt = 0;
  isEmpty = true;
  /** Null for arrays. */
  shape: FieldSet | null = null;
  /** The field that holds this object or array; an array's elements belong to it too. */
  owner: FieldShape | null = null;
  /** The field met before, from which the next one is guessed. */
  previous: FieldShape | null = null;
  /** Tells this object from every other, so that a field met twice in it is seen. */
  instance = 0;
  /** JSON names that depend on siblings, once one was needed. */
  names: ReadonlyMap<string, string> | null = null;
  /** Where fields that are not remembered were written. */
  untracked: Map<string, number> | null = null;

  open(start: number, end: number, owner: FieldShape | null): void {
    this.start = start;
    this.end = end;
    this.isEmpty = true;
    this.shape = null;
    this.owner = owner;
    this.previous = null;
    this.names = null;
    this.untracked = null;
  }
}
