import type { BsonTypeName, ConflictPolicy, FieldType } from '@lockstep/contracts';
import { mappingFor } from './field-mapping.js';

/**
 * One type per path, in the order of arrival. The first type wins, but numbers form one family: a
 * path that has integers and doubles or decimals is `double`, whichever came first, because a `long`
 * refuses nothing but shows fractions nowhere, and an array of both is refused. Under the policy `string`
 * a path that has values of other kinds too is a string, which takes every value but an object.
 */
export function onePerPath(
  fields: readonly FieldType[],
  conflicts: ConflictPolicy = 'deadLetter',
): Map<string, BsonTypeName> {
  const types = new Map<string, BsonTypeName>();
  for (const { path, type } of fields) {
    const known = types.get(path);
    if (known === undefined || saysNothing(known)) types.set(path, type);
    else if (isInteger(known) && (type === 'double' || type === 'decimal')) types.set(path, 'double');
    else if (conflicts === 'string' && isConflict(known, type)) types.set(path, 'string');
  }
  return types;
}

function isInteger(type: BsonTypeName): boolean {
  return type === 'int' || type === 'long';
}

/** Whether the field of the one type may refuse values of the other. */
function isConflict(mapped: BsonTypeName, other: BsonTypeName): boolean {
  const [type, otherType] = [mappingFor(mapped)?.type, mappingFor(other)?.type];
  if (type === undefined || otherType === undefined || type === otherType) return false;
  if (isNumber(mapped) && isNumber(other)) return false;
  return type !== 'text' && type !== 'keyword';
}

function isNumber(type: BsonTypeName): boolean {
  return isInteger(type) || type === 'double' || type === 'decimal';
}

function saysNothing(type: BsonTypeName): boolean {
  return type === 'null' || type === 'array' || type === 'object';
}
