import type { BsonTypeName } from '@lockstep/contracts';

const WHOLE_TYPES: ReadonlySet<string> = new Set(['long', 'integer', 'short', 'byte', 'unsigned_long']);

/**
 * Whether a field with this mapping takes numbers with fractions and finds them without: Elasticsearch's `coerce`,
 * which is on by default, cuts them off.
 * @param coerces what the index says where the field says nothing
 */
export function cutsFractions(
  mapping: { readonly type?: unknown; readonly coerce?: unknown },
  coerces: boolean,
): boolean {
  const coerce = mapping.coerce ?? coerces;
  return WHOLE_TYPES.has(String(mapping.type)) && coerce !== false && coerce !== 'false';
}

export function mayHaveFraction(type: BsonTypeName): boolean {
  return type === 'double' || type === 'decimal';
}
