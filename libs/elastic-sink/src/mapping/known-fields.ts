import { cutsFractions } from './whole-numbers.js';

/** A field as the index has it: a parent of others, or a leaf with a type. */
type KnownKind = 'object' | 'leaf';

interface MappingNode {
  readonly type?: string;
  readonly coerce?: boolean | string;
  readonly enabled?: boolean | string;
  readonly dynamic?: boolean | string;
  readonly properties?: Readonly<Record<string, MappingNode>>;
  readonly fields?: Readonly<Record<string, MappingNode>>;
}

/** Elasticsearch's `index.mapping.depth.limit`. */
const MAX_DEPTH = 20;

/** The fields that a target has, kept while it is written, so that a batch with nothing new costs nothing. */
export class KnownFields {
  private readonly kinds = new Map<string, KnownKind>();
  /** Objects (`''` is the root) under which the operator wants no new fields. */
  private readonly closed = new Set<string>();
  /** Objects that take new fields although one above does not. */
  private readonly opened = new Set<string>();
  private readonly beyond = new Set<string>();
  /** Mapped as whole numbers; what has a fraction is found without it. */
  private readonly whole = new Set<string>();
  /** What `total_fields.limit` counts. */
  count = 0;

  constructor(
    mapping: unknown,
    /** `index.mapping.total_fields.limit` */
    readonly limit: number,
    /** `index.mapping.coerce` */
    private readonly coerces = true,
  ) {
    const { runtime, ...fields } = (mapping ?? {}) as MappingNode & { readonly runtime?: object };
    this.count = Object.keys(runtime ?? {}).length;
    this.read('', fields);
  }

  has(path: string): boolean {
    return this.kinds.has(path);
  }

  isObject(path: string): boolean {
    return this.kinds.get(path) === 'object';
  }

  /** Whether a mapping for the path can be put: its parents are objects that take new fields. */
  canAdd(path: string): boolean {
    if (this.kinds.has(path)) return false;
    const names = path.split('.');
    if (names.length > MAX_DEPTH || names.some((name) => name.trim() === '')) return false;
    let parent = '';
    let isClosed = this.closed.has('');
    for (const name of names.slice(0, -1)) {
      parent = parent === '' ? name : `${parent}.${name}`;
      const kind = this.kinds.get(parent);
      if (kind === 'leaf') return false;
      if (this.closed.has(parent)) isClosed = true;
      else if (this.opened.has(parent)) isClosed = false;
    }
    return !isClosed;
  }

  /** Whether a field and the parents that it needs fit within the limit. */
  hasRoom(path: string, fields: number): boolean {
    let needed = fields;
    for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
      if (this.kinds.has(path.slice(0, dot))) break;
      needed++;
    }
    return this.count + needed <= this.limit;
  }

  /** Notes a field that has no room. @returns whether it was not noted before */
  leave(path: string): boolean {
    if (this.beyond.has(path)) return false;
    this.beyond.add(path);
    return true;
  }

  /** Notes that a number with a fraction was met. @returns whether it is the first that the field cuts off */
  cutFraction(path: string): boolean {
    return this.whole.delete(path);
  }

  /** Remembers a path that was put with a mapping, or that need not be tried again (`mapping` is null). */
  add(path: string, fields: number, mapping: Readonly<Record<string, unknown>> | null): void {
    this.kinds.set(path, 'leaf');
    if (mapping !== null && cutsFractions(mapping, this.coerces)) this.whole.add(path);
    this.count += fields;
    let dot = path.lastIndexOf('.');
    while (dot > 0) {
      const parent = path.slice(0, dot);
      if (this.kinds.has(parent)) return;
      this.kinds.set(parent, 'object');
      this.count++;
      dot = parent.lastIndexOf('.');
    }
  }

  private read(path: string, node: MappingNode): void {
    if (node.dynamic !== undefined) {
      const isOpen = String(node.dynamic) === 'true';
      (isOpen ? this.opened : this.closed).add(path);
    }
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      const childPath = path === '' ? name : `${path}.${name}`;
      this.count += 1 + Object.keys(child.fields ?? {}).length;
      const isObject =
        (child.type === undefined || child.type === 'object' || child.type === 'nested') &&
        String(child.enabled) !== 'false';
      this.kinds.set(childPath, isObject ? 'object' : 'leaf');
      if (cutsFractions(child, this.coerces)) this.whole.add(childPath);
      this.read(childPath, child);
    }
  }
}
