import { BSON, CORRUPT, documentEnd, stringEnd, valueEnd } from './bson-layout.js';
import type { ConversionPolicies } from './conversion-policies.js';
import type { NoteCounter } from './conversion-notes.js';
import { FieldMatcher } from './field-matcher.js';
import { FieldShape, type FieldSet } from './field-shape.js';
import { typeBit, type FieldTypeReport } from './field-types.js';
import { wrapInString } from './json-in-string.js';
import { childShape, ObjectShape } from './object-shape.js';
import type { OutputBuffer } from './output-buffer.js';
import { OutputCuts } from './output-cuts.js';
import { isUuid, REFUSED, type ScalarWriter } from './scalar-writer.js';
import { ShapeBudget } from './shape-budget.js';
import { sourcePath } from './source-path.js';
import { WalkFrame } from './walk-frame.js';

/** Open objects and arrays that Elasticsearch's JSON parser surely takes; it stops at 1 000. */
const DEEPEST_NESTING = 500;
/** Frames kept for the next document; deeper ones are rare. */
const KEPT_FRAMES = 64;
const NOWHERE = -1;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const REF_WORD = Buffer.from('$ref').readInt32LE(0);
const ID_WORD = Buffer.from('$id\0').readInt32LE(0);

export interface DocumentWalkerParts {
  readonly out: OutputBuffer;
  readonly scalars: ScalarWriter;
  readonly notes: NoteCounter;
  readonly types: FieldTypeReport;
  readonly policies: ConversionPolicies;
}

/** How a walk ended. */
export type WalkResult = 'written' | 'corrupt' | 'refused';

/**
 * Walks one BSON document and writes it as JSON, guided by the shapes of the documents before it. Its depth lives in
 * frames, so no document can overflow the stack; every read is checked against the end of the innermost object.
 */
export class DocumentWalker {
  /** Where the `_id` element of the last document begins; negative when none was met. */
  idAt = NOWHERE;
  private readonly matcher = new FieldMatcher();
  private readonly cuts = new OutputCuts();
  private readonly budget = new ShapeBudget();
  private readonly top: FieldSet;
  private readonly frames: WalkFrame[] = [new WalkFrame()];
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(this.bytes.buffer, 0, 0);
  private depth = 0;
  private instances = 0;
  /** Position of the next element; negative when the walk is over. */
  private at = 0;
  /** Position of the value of the element at hand. */
  private valueAt = 0;
  /** The depth whose object becomes a string when it closes, and where its JSON begins. */
  private deepDepth = NOWHERE;
  private deepFrom = 0;

  constructor(private readonly parts: DocumentWalkerParts) {
    const { maxDepth, idField } = parts.policies;
    const options = { role: 'top', path: '', level: 1, maxDepth, idField, isTracked: true } as const;
    this.top = new ObjectShape(options, this.budget);
  }

  /** Where the documents of the next walks are. */
  read(bytes: Buffer, view: DataView): void {
    this.bytes = bytes;
    this.view = view;
    this.matcher.read(bytes, view);
    this.parts.scalars.read(bytes, view);
  }

  /** Writes the document at `[start, end)`. */
  walk(start: number, end: number): WalkResult {
    const { out } = this.parts;
    const from = out.position;
    this.depth = 0;
    this.idAt = NOWHERE;
    this.deepDepth = NOWHERE;
    this.cuts.clear();
    if (this.frames.length > KEPT_FRAMES) this.frames.length = KEPT_FRAMES;
    const frame = this.frames[0]!;
    frame.open(start, end - 1, null);
    if (documentEnd(this.view, start, end) !== end) {
      frame.elementAt = NOWHERE;
      return 'corrupt';
    }
    frame.shape = this.top;
    frame.instance = ++this.instances;
    out.ensure(1);
    out.bytes[out.position++] = OPEN_OBJECT;
    this.at = start + 4;
    this.run(frame);
    if (this.at < 0) return this.at === REFUSED ? 'refused' : 'corrupt';
    this.cuts.apply(out, from);
    return 'written';
  }

  /** Dotted path, in the source's names, of the element at which the last walk failed; null for the whole document. */
  failedPath(): string | null {
    return sourcePath(this.bytes, this.frames, this.depth);
  }

  private run(top: WalkFrame): void {
    const { scalars } = this.parts;
    let frame = top;
    for (;;) {
      const at = this.at;
      if (at < 0) return;
      if (at === frame.end) {
        this.close(frame);
        if (--this.depth < 0) return;
        frame = this.frames[this.depth]!;
        continue;
      }
      frame.elementAt = at;
      const type = this.bytes[at]!;
      const field = frame.shape === null ? this.beginElement(frame, at) : this.beginField(frame, at, type);
      if (field === null) continue;
      if (type === BSON.document || type === BSON.array) {
        frame = this.open(frame, field, type);
      } else if ((type === BSON.timestamp || type === BSON.dbPointer) && this.isTooDeep(field)) {
        this.writeSmallObject(frame, field, type);
      } else {
        if (((field.reportedTypes >>> type) & 1) === 0) this.report(field, type, frame.end);
        this.at = scalars.write(type, this.valueAt, frame.end);
      }
    }
  }

  /** Finds the field at `at` and writes its key; null when there is nothing to write, or no name. */
  private beginField(frame: WalkFrame, at: number, type: number): FieldShape | null {
    const raw = this.matcher.match(frame, at + 1);
    if (raw === null) {
      this.at = CORRUPT;
      return null;
    }
    frame.previous = raw;
    this.valueAt = at + raw.rawLength + 2;
    let field = raw;
    if (raw.isSpecial) {
      if (frame.shape === this.top && raw.raw === '_id' && this.skipsId(frame, at, type)) return null;
      field = this.matcher.resolve(frame, raw);
    }
    const { out } = this.parts;
    if (raw.instance === frame.instance) this.replaceEarlier(raw, field);
    raw.instance = frame.instance;
    if (type === BSON.undefined) {
      this.parts.notes.add('undefinedDropped');
      this.setWritten(frame, raw, NOWHERE);
      this.at = this.valueAt;
      return null;
    }
    if (field.note !== null) this.parts.notes.add(field.note);
    const words = field.keyWords;
    out.ensure(words.length * 4);
    // The first key is written over the brace, its comma becomes the brace again.
    let position = frame.isEmpty ? out.position - 1 : out.position;
    this.setWritten(frame, raw, position);
    const view = out.view;
    out.position = position + field.keyBytes;
    const first = position;
    for (let i = 0; i < words.length; i++, position += 4) view.setInt32(position, words[i]!, true);
    if (frame.isEmpty) {
      out.bytes[first] = OPEN_OBJECT;
      frame.isEmpty = false;
    }
    return field;
  }

  /** The `_id` is noted, and left out unless a field is named for it. */
  private skipsId(frame: WalkFrame, at: number, type: number): boolean {
    if (this.idAt < 0) this.idAt = at;
    if (this.parts.policies.idField !== null) return false;
    this.at = valueEnd(this.bytes, this.view, type, this.valueAt, frame.end);
    return true;
  }

  private replaceEarlier(raw: FieldShape, field: FieldShape): void {
    this.parts.notes.add('duplicateField');
    if (field.isTracked) this.parts.types.forget(field.path);
    if (raw.writtenAt >= 0) this.cuts.addMember(this.parts.out, raw.writtenAt);
  }

  private setWritten(frame: WalkFrame, field: FieldShape, position: number): void {
    field.writtenAt = position;
    if (!field.isTracked) (frame.untracked ??= new Map()).set(field.raw, position);
  }

  /** Passes the index that BSON keeps as the name of an array's element. */
  private beginElement(frame: WalkFrame, at: number): FieldShape | null {
    const { bytes } = this;
    const { out } = this.parts;
    let end = at + 1;
    while (bytes[end] !== 0) end++;
    if (end >= frame.end) {
      this.at = CORRUPT;
      return null;
    }
    this.valueAt = end + 1;
    if (frame.isEmpty) {
      frame.isEmpty = false;
    } else {
      out.ensure(1);
      out.bytes[out.position++] = COMMA;
    }
    return frame.owner;
  }

  private report(field: FieldShape, type: number, limit: number): void {
    const isUuidType = type === BSON.binary && this.valueAt + 5 <= limit && isUuid(this.view, this.valueAt);
    const bit = typeBit(type, isUuidType);
    if (((field.reportedTypes >>> bit) & 1) === 0) this.parts.types.add(field, bit);
  }

  /** Opens the object or array at `valueAt`; returns the frame to go on with. */
  private open(parent: WalkFrame, field: FieldShape, type: number): WalkFrame {
    const { out, policies } = this.parts;
    const start = this.valueAt;
    const end = documentEnd(this.view, start, parent.end);
    const isArray = type === BSON.array;
    const isTooDeep = this.deepDepth < 0 && (this.depth + 1 >= DEEPEST_NESTING || (!isArray && this.isTooDeep(field)));
    if (end === CORRUPT || (isTooDeep && policies.tooDeep === 'reject')) {
      this.at = end === CORRUPT ? CORRUPT : REFUSED;
      return parent;
    }
    this.report(field, isTooDeep ? BSON.string : type, parent.end);
    const owner = isTooDeep ? this.goDeep(field) : field;
    this.depth++;
    const frame = (this.frames[this.depth] ??= new WalkFrame());
    frame.open(start, end - 1, owner);
    if (!isArray) {
      const role = this.isDbRef(start, end) ? 'dbRef' : 'object';
      frame.shape = childShape(owner, role, { maxDepth: policies.maxDepth, budget: this.budget });
      frame.instance = ++this.instances;
    }
    out.ensure(1);
    out.bytes[out.position++] = isArray ? OPEN_ARRAY : OPEN_OBJECT;
    this.at = start + 4;
    return frame;
  }

  private close(frame: WalkFrame): void {
    const { out } = this.parts;
    out.ensure(1);
    out.bytes[out.position++] = frame.shape === null ? CLOSE_ARRAY : CLOSE_OBJECT;
    this.at = frame.end + 1;
    if (this.depth === this.deepDepth) {
      this.deepDepth = NOWHERE;
      this.wrap(this.deepFrom);
    }
  }

  /** True when an object as the value of this field would be below the deepest level. */
  private isTooDeep(field: FieldShape): boolean {
    return field.level >= this.parts.policies.maxDepth;
  }

  /** A scalar that is written as an object, one level too deep. */
  private writeSmallObject(frame: WalkFrame, field: FieldShape, type: number): void {
    const { notes, out, policies, scalars } = this.parts;
    if (policies.tooDeep === 'reject') {
      this.at = REFUSED;
      return;
    }
    notes.add('tooDeep');
    this.report(field, BSON.string, frame.end);
    const from = out.position;
    this.at = scalars.write(type, this.valueAt, frame.end);
    this.wrap(from);
  }

  private wrap(from: number): void {
    this.cuts.apply(this.parts.out, from);
    wrapInString(this.parts.out, from);
  }

  /** The next frame and everything in it becomes a string: its fields are no fields to Elasticsearch. */
  private goDeep(field: FieldShape): FieldShape {
    this.parts.notes.add('tooDeep');
    this.deepDepth = this.depth + 1;
    this.deepFrom = this.parts.out.position;
    return new FieldShape({ ...field, level: -Infinity, isTracked: false });
  }

  /** A DBRef begins with a string `$ref` and a `$id`. */
  private isDbRef(start: number, end: number): boolean {
    const { view } = this;
    if (this.bytes[start + 4] !== BSON.string || start + 16 > end) return false;
    if (view.getInt32(start + 5, true) !== REF_WORD || this.bytes[start + 9] !== 0) return false;
    const next = stringEnd(view, start + 10, end);
    return next !== CORRUPT && next + 5 <= end && view.getInt32(next + 1, true) === ID_WORD;
  }
}
