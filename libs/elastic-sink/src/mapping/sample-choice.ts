import type { BsonTypeName, ConflictPolicy, FieldTypeCount } from '@lockstep/contracts';

/** What a field is mapped as; `anything`: as none of them, so that it takes every value. */
export type FieldChoice = BsonTypeName | 'anything';

/** Values of one kind fit where another of that kind is mapped. */
type Kind = 'number' | 'decimal' | 'text' | 'term' | 'bool' | 'date' | 'binary' | 'object';

type TypeCounts = Map<BsonTypeName, number>;

const KIND_BY_TYPE: Readonly<Record<BsonTypeName, Kind | null>> = {
  int: 'number',
  long: 'number',
  double: 'number',
  decimal: 'decimal',
  string: 'text',
  symbol: 'text',
  code: 'text',
  objectId: 'term',
  uuid: 'term',
  regex: 'term',
  minKey: 'term',
  maxKey: 'term',
  bool: 'bool',
  date: 'date',
  binary: 'binary',
  object: 'object',
  dbPointer: 'object',
  timestamp: 'object',
  // Say nothing: the elements of an array are values of the field themselves.
  null: null,
  array: null,
};

/**
 * What each field of a sample is mapped as, the fields that most documents have first. Of several kinds of values
 * the most frequent one is chosen, of equally frequent ones the one that was met first; the policy for conflicts
 * can choose what takes them all. What is below a field that is no object is left out.
 */
export function choicesOfSample(
  sample: readonly FieldTypeCount[],
  conflicts: ConflictPolicy,
): ReadonlyMap<string, FieldChoice> {
  const choices = new Map<string, FieldChoice>();
  const byPath = [...countsByPath(sample)].map(([path, counts]) => ({ path, counts, documents: sum(counts) }));
  for (const { path, counts } of byPath.sort((a, b) => b.documents - a.documents)) {
    const choice = choiceOf(counts, conflicts);
    if (choice !== null) choices.set(path, choice);
  }
  for (const path of choices.keys()) if (isBelowValue(path, choices)) choices.delete(path);
  return choices;
}

/** The counts of each path, and of the objects that dotted names are in; what is above comes first. */
function countsByPath(sample: readonly FieldTypeCount[]): Map<string, TypeCounts> {
  const byPath = new Map<string, TypeCounts>();
  const countsOf = (path: string): TypeCounts => {
    const counts = byPath.get(path) ?? new Map<BsonTypeName, number>();
    byPath.set(path, counts);
    return counts;
  };
  for (const { path, type, documents } of sample) {
    for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      const above = countsOf(path.slice(0, dot));
      above.set('object', Math.max(above.get('object') ?? 0, documents));
    }
    const counts = countsOf(path);
    counts.set(
      type,
      type === 'object' ? Math.max(counts.get(type) ?? 0, documents) : (counts.get(type) ?? 0) + documents,
    );
  }
  return byPath;
}

/** Null when the values say nothing. */
function choiceOf(types: TypeCounts, conflicts: ConflictPolicy): FieldChoice | null {
  const kinds = kindCounts(types);
  const [first, ...others] = [...kinds].sort(([, a], [, b]) => b - a).map(([kind]) => kind);
  if (first === undefined) return null;
  if (others.length === 0 || conflicts === 'deadLetter') return typeOf(first, types);
  // Elasticsearch never takes an object for a value, nor the other way round, whatever it may ignore.
  if (kinds.has('object')) return 'anything';
  if (conflicts === 'string') return takesEveryValue(first) ? typeOf(first, types) : 'string';
  return first === 'binary' ? 'anything' : typeOf(first, types);
}

/** Documents by kind. Numbers and decimals are one family, whose name is that of the more frequent ones. */
function kindCounts(types: TypeCounts): Map<Kind, number> {
  const kinds = new Map<Kind, number>();
  for (const [type, documents] of types) {
    const kind = KIND_BY_TYPE[type];
    if (kind !== null) kinds.set(kind, (kinds.get(kind) ?? 0) + documents);
  }
  const numbers = kinds.get('number');
  const decimals = kinds.get('decimal');
  if (numbers === undefined || decimals === undefined) return kinds;
  const [more, fewer] = decimals > numbers ? (['decimal', 'number'] as const) : (['number', 'decimal'] as const);
  kinds.set(more, numbers + decimals);
  kinds.delete(fewer);
  return kinds;
}

function typeOf(kind: Kind, types: TypeCounts): BsonTypeName {
  switch (kind) {
    case 'number':
      // A `long` would cut fractions off, those of decimals too.
      return types.has('double') || types.has('decimal') ? 'double' : 'long';
    case 'text':
      return types.has('string') || types.has('symbol') ? 'string' : 'code';
    case 'object':
      return types.has('object') || types.has('dbPointer') ? 'object' : 'timestamp';
    case 'decimal':
      return 'decimal';
    case 'term':
      return [...types.keys()].find((type) => KIND_BY_TYPE[type] === 'term') ?? 'objectId';
    case 'bool':
    case 'date':
    case 'binary':
      return kind;
  }
}

/** Mapped as text or keyword: every value but an object has a text. */
function takesEveryValue(kind: Kind): boolean {
  return kind === 'text' || kind === 'term' || kind === 'decimal';
}

function isBelowValue(path: string, choices: ReadonlyMap<string, FieldChoice>): boolean {
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const above = choices.get(path.slice(0, dot));
    if (above !== undefined && above !== 'object') return true;
  }
  return false;
}

function sum(counts: TypeCounts): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
