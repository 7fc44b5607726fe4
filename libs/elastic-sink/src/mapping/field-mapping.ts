import type { BsonTypeName, StringMapping } from '@lockstep/contracts';

export type ElasticFieldMapping = Readonly<Record<string, unknown>>;

/** Longer strings are found by their words, not as a whole. */
export const KEYWORD_IGNORE_ABOVE = 1_024;

export const STRING_MAPPING: ElasticFieldMapping = {
  type: 'text',
  fields: { keyword: { type: 'keyword', ignore_above: KEYWORD_IGNORE_ABOVE } },
};

const KEYWORD: ElasticFieldMapping = { type: 'keyword', ignore_above: KEYWORD_IGNORE_ABOVE };

/** An object and all below it as one field; its values are found as keywords. */
export const FLATTENED: ElasticFieldMapping = { type: 'flattened', ignore_above: KEYWORD_IGNORE_ABOVE };

/** Takes values of every kind, objects too, and indexes none of them. */
export const UNSEARCHABLE: ElasticFieldMapping = { type: 'object', enabled: false };

const STRING_MAPPINGS: Readonly<Record<StringMapping, ElasticFieldMapping>> = {
  both: STRING_MAPPING,
  keyword: KEYWORD,
  text: { type: 'text' },
  // Without index and values there is no term that could be too long.
  none: { type: 'keyword', index: false, doc_values: false },
};

/** What a string is mapped as (docs/documents.md). */
export function stringMapping(strings: StringMapping): ElasticFieldMapping {
  return STRING_MAPPINGS[strings];
}

/**
 * The mapping that a field gets for its BSON type (docs/documents.md). Null: none of its own – the
 * type says nothing (`null`), or the fields inside say it (objects, arrays).
 *
 * The default format of `date` takes ISO 8601 and epoch milliseconds, the two forms in which dates are
 * written.
 */
const MAPPING_BY_TYPE: Readonly<Record<BsonTypeName, ElasticFieldMapping | null>> = {
  double: { type: 'double' },
  int: { type: 'long' },
  long: { type: 'long' },
  decimal: KEYWORD,
  string: STRING_MAPPING,
  symbol: STRING_MAPPING,
  bool: { type: 'boolean' },
  date: { type: 'date' },
  objectId: KEYWORD,
  uuid: KEYWORD,
  binary: { type: 'binary' },
  timestamp: { properties: { t: { type: 'long' }, i: { type: 'long' } } },
  regex: KEYWORD,
  code: { type: 'text' },
  minKey: KEYWORD,
  maxKey: KEYWORD,
  dbPointer: null,
  null: null,
  object: null,
  array: null,
};

export function mappingFor(type: BsonTypeName): ElasticFieldMapping | null {
  return MAPPING_BY_TYPE[type];
}

/** How many fields a mapping adds to what `total_fields.limit` counts, without its parents. */
export function fieldCount(mapping: ElasticFieldMapping): number {
  return 1 + sizeOf(mapping.fields) + sizeOf(mapping.properties);
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

/** The type under which `match_mapping_type` of a dynamic template sees a field. */
export function dynamicType(type: BsonTypeName | 'anything'): string {
  switch (type) {
    case 'double':
      return 'double';
    case 'int':
    case 'long':
      return 'long';
    case 'bool':
      return 'boolean';
    default:
      return 'string';
  }
}
