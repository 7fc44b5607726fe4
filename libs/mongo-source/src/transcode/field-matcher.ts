import { CORRUPT, textEnd, valueEnd } from './bson-layout.js';
import type { FieldShape } from './field-shape.js';
import { siblingNames } from './sibling-names.js';
import type { WalkFrame } from './walk-frame.js';

/** Finds the shape of the field at hand; documents of one collection mostly have the fields of the one before. */
export class FieldMatcher {
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(this.bytes.buffer, 0, 0);

  read(bytes: Buffer, view: DataView): void {
    this.bytes = bytes;
    this.view = view;
  }

  /** The field whose name begins at `nameAt`; null when the name has no end inside the object. */
  match(frame: WalkFrame, nameAt: number): FieldShape | null {
    const previous = frame.previous;
    const guess = previous === null ? frame.shape!.first : previous.next;
    if (guess?.matches(this.view, nameAt, frame.end)) return guess;
    const other = previous?.other;
    if (other?.matches(this.view, nameAt, frame.end)) return other;
    return this.lookUp(frame, nameAt);
  }

  /** The field as its siblings in this very object leave it: mostly itself. */
  resolve(frame: WalkFrame, field: FieldShape): FieldShape {
    const shape = frame.shape!;
    frame.names ??= siblingNames(this.namesOf(frame), shape);
    return shape.renamed(field, frame.names.get(field.raw) ?? field.name);
  }

  private lookUp(frame: WalkFrame, nameAt: number): FieldShape | null {
    const nameEnd = textEnd(this.bytes, nameAt, frame.end);
    if (nameEnd === CORRUPT) return null;
    const shape = frame.shape!;
    const field = shape.field(this.bytes.toString('latin1', nameAt, nameEnd));
    if (field.isTracked) {
      const previous = frame.previous;
      if (previous === null) {
        shape.first = field;
      } else {
        previous.other = previous.next;
        previous.next = field;
      }
      return field;
    }
    const writtenAt = frame.untracked?.get(field.raw);
    if (writtenAt !== undefined) {
      field.instance = frame.instance;
      field.writtenAt = writtenAt;
    }
    return field;
  }

  /** The names in an object, up to where it is corrupt: the walk gets there by itself. */
  private namesOf(frame: WalkFrame): Set<string> {
    const names = new Set<string>();
    let at = frame.start + 4;
    while (at < frame.end) {
      const nameEnd = textEnd(this.bytes, at + 1, frame.end);
      if (nameEnd === CORRUPT) break;
      names.add(this.bytes.toString('latin1', at + 1, nameEnd));
      const next = valueEnd(this.bytes, this.view, this.bytes[at]!, nameEnd + 1, frame.end);
      if (next === CORRUPT) break;
      at = next;
    }
    return names;
  }
}
