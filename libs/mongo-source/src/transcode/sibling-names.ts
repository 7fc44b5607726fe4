import { escapeDots } from './field-name.js';
import type { FieldSet, FieldShape } from './field-shape.js';

/**
 * The JSON names of the fields of one object whose names depend on their siblings. It looks at the set of names
 * only: not at their order, nor at other documents.
 * - `a.b` beside `a` would be one path to Elasticsearch: its dots are escaped.
 * - A name that was changed for another reason (reserved, DBRef, not UTF-8, copy of the `_id`) gives way to one
 *   that was there by itself, by a number behind it.
 */
export function siblingNames(raws: ReadonlySet<string>, shape: FieldSet): Map<string, string> {
  const fields = [...raws].sort().map((raw) => shape.field(raw));
  const present = fields.filter((field) => !isLeftOut(field, shape));
  const usual = new Set(present.map((field) => field.name));
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const field of present) {
    if (field.isMovable) continue;
    const name = field.isSpecial ? apartFromPrefixes(field.name, usual) : field.name;
    taken.add(name);
    names.set(field.raw, name);
  }
  for (const field of present) {
    if (!field.isMovable) continue;
    const name = firstFree(apartFromPrefixes(field.name, usual), taken);
    taken.add(name);
    names.set(field.raw, name);
  }
  return names;
}

/** The `_id` is not in the body, unless a field is named for it. */
function isLeftOut(field: FieldShape, { options }: FieldSet): boolean {
  return options.role === 'top' && field.raw === '_id' && options.idField === null;
}

function apartFromPrefixes(name: string, siblings: ReadonlySet<string>): string {
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    if (siblings.has(name.slice(0, dot))) return escapeDots(name);
  }
  return name;
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name}${number}`)) number++;
  return `${name}${number}`;
}
