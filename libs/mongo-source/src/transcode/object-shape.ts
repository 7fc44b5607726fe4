import { escapeDots, escapeName, fieldName, renameReserved, type FieldName } from './field-name.js';
import { FieldShape, type FieldSet, type ObjectRole } from './field-shape.js';
import type { NoteKind } from './conversion-notes.js';
import type { ShapeBudget } from './shape-budget.js';

export interface ObjectShapeOptions {
  readonly role: ObjectRole;
  /** Dotted JSON path; empty at the top. */
  readonly path: string;
  /** The document itself is level 1. */
  readonly level: number;
  readonly maxDepth: number;
  /** JSON name of the `_id` at the top; null leaves it out. */
  readonly idField: string | null;
  /** False for objects that are forgotten with their document. */
  readonly isTracked: boolean;
}

interface UsualName {
  readonly name: string;
  readonly isSpecial: boolean;
  readonly isMovable: boolean;
  readonly note: NoteKind | null;
}

const DB_REF_NAMES: Readonly<Record<string, string>> = { $ref: 'ref', $id: 'id', $db: 'db' };

/** The fields that objects at one path have had, in the order they came. */
export class ObjectShape implements FieldSet {
  readonly options: ObjectShapeOptions;
  first: FieldShape | null = null;
  private byRaw: Map<string, FieldShape> | null = null;
  /** Fields under names that only the siblings in one document gave them. */
  private byName: Map<string, FieldShape> | null = null;

  constructor(
    options: ObjectShapeOptions,
    private readonly budget: ShapeBudget,
  ) {
    this.options = options;
  }

  /** The field with this BSON name, under its usual JSON name. Tracked while the budget lasts. */
  field(raw: string): FieldShape {
    const known = this.byRaw?.get(raw);
    if (known !== undefined) return known;
    const field = this.create(raw, this.usualName(raw));
    if (field.isTracked) (this.byRaw ??= new Map<string, FieldShape>()).set(raw, field);
    return field;
  }

  /** The same field under the name that its siblings leave to it. */
  renamed(field: FieldShape, name: string): FieldShape {
    if (name === field.name) return field;
    const key = `${field.raw}\0${name}`;
    const known = this.byName?.get(key);
    if (known !== undefined) return known;
    const note = field.note ?? (field.isMovable ? 'fieldRenamed' : 'fieldEscaped');
    const other = this.create(field.raw, { name, isSpecial: true, isMovable: field.isMovable, note });
    if (other.isTracked) (this.byName ??= new Map<string, FieldShape>()).set(key, other);
    return other;
  }

  /** The JSON name of a field as long as no sibling is in its way. */
  private usualName(raw: string): UsualName {
    const { role, idField, level, maxDepth } = this.options;
    if (role === 'top' && raw === '_id') {
      return { name: renameReserved(escapeName(idField ?? raw)), isSpecial: true, isMovable: true, note: null };
    }
    const made = this.applyRole(fieldName(Buffer.from(raw, 'latin1')), role);
    const isTooDeep = level + dotCount(made.text) > maxDepth;
    const name = isTooDeep ? escapeDots(made.text) : made.text;
    const isEscaped = made.isEscaped || isTooDeep;
    const isMovable = made.isRenamed || made.isRepaired;
    const note = noteOf(made, isEscaped);
    // The names of a DBRef are as the table of values says: nothing was bent.
    const isNoted = role !== 'dbRef' || note !== 'fieldRenamed';
    return { name, isSpecial: isMovable || name.includes('.'), isMovable, note: isNoted ? note : null };
  }

  private applyRole(name: FieldName, role: ObjectRole): FieldName {
    const text = role === 'top' ? renameReserved(name.text) : role === 'dbRef' ? dbRefName(name.text) : name.text;
    return text === name.text ? name : { ...name, text, isRenamed: true };
  }

  private create(raw: string, usual: UsualName): FieldShape {
    const { path, level } = this.options;
    const fullPath = path === '' ? usual.name : `${path}.${usual.name}`;
    const isTracked = this.options.isTracked && this.budget.take(raw.length + fullPath.length);
    const known = isTracked ? fullPath : '';
    return new FieldShape({ ...usual, raw, path: known, level: level + dotCount(usual.name), isTracked });
  }
}

/** The shape of the objects that are values of `field`; arrays pass it on to their elements. */
export function childShape(
  field: FieldShape,
  role: ObjectRole,
  { maxDepth, budget }: { readonly maxDepth: number; readonly budget: ShapeBudget },
): FieldSet {
  const known = role === 'dbRef' ? field.dbRef : field.object;
  if (known !== null) return known;
  const { path, level, isTracked } = field;
  const shape = new ObjectShape({ role, path, level: level + 1, maxDepth, idField: null, isTracked }, budget);
  if (role === 'dbRef') field.dbRef = shape;
  else field.object = shape;
  return shape;
}

function noteOf(name: FieldName, isEscaped: boolean): NoteKind | null {
  if (name.isRepaired) return 'invalidUtf8';
  if (name.isRenamed) return 'fieldRenamed';
  return isEscaped ? 'fieldEscaped' : null;
}

function dbRefName(name: string): string {
  return Object.hasOwn(DB_REF_NAMES, name) ? DB_REF_NAMES[name]! : name;
}

function dotCount(name: string): number {
  let count = 0;
  for (let at = name.indexOf('.'); at !== -1; at = name.indexOf('.', at + 1)) count++;
  return count;
}
