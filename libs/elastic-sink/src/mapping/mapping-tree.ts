import type { ElasticFieldMapping } from './field-mapping.js';

/** A mapping that is to be put at a dotted path. */
export interface FieldPut {
  readonly path: string;
  readonly mapping: ElasticFieldMapping;
}

/** Objects without a prototype: `__proto__` and `constructor` are ordinary field names. */
type Properties = Record<string, object>;

/** The `properties` of a put-mapping request; what would stand below or above another put is left out. */
export function mappingTree(puts: readonly FieldPut[]): Properties {
  const root = emptyProperties();
  const parents = new Map<object, Properties>();
  for (const { path, mapping } of puts) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let properties: Properties | undefined = root;
    for (const name of names) properties = properties && childOf(properties, name, parents);
    if (properties !== undefined && properties[last] === undefined) properties[last] = mapping;
  }
  return root;
}

/** The properties of an object that this call makes; undefined where a field of another kind stands. */
function childOf(properties: Properties, name: string, parents: Map<object, Properties>): Properties | undefined {
  const existing = properties[name];
  if (existing !== undefined) return parents.get(existing);
  const child = emptyProperties();
  const node = { properties: child };
  parents.set(node, child);
  properties[name] = node;
  return child;
}

function emptyProperties(): Properties {
  return Object.create(null) as Properties;
}
