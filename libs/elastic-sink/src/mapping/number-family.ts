import type { BsonTypeName, FieldType } from '@lockstep/contracts';

/**
 * One type per path, in the order of arrival. The first type wins, but numbers form one family: a
 * path that has integers and doubles is `double`, whichever came first, because a `long` refuses
 * nothing but shows fractions nowhere, and an array of both is refused.
 */
export function onePerPath(fields: readonly FieldType[]): Map<string, BsonTypeName> {
  const types = new Map<string, BsonTypeName>();
  for (const { path, type } of fields) {
    const known = types.get(path);
    if (known === undefined || saysNothing(known)) types.set(path, type);
    else if (isInteger(known) && type === 'double') types.set(path, 'double');
  }
  return types;
}

function isInteger(type: BsonTypeName): boolean {
  return type === 'int' || type === 'long';
}

function saysNothing(type: BsonTypeName): boolean {
  return type === 'null' || type === 'array' || type === 'object';
}
