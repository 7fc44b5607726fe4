/** How the operand of an operator is checked. */
export type OperandRule =
  'value' | 'values' | 'elementMatch' | 'operators' | 'boolean' | 'integer' | 'type' | 'mod' | 'regex' | 'regexOptions';

/** Operators of a field. Whatever is not here is refused: scripts, text and geo search, schema checks, comments. */
export const FIELD_OPERATORS: Readonly<Record<string, OperandRule>> = {
  $eq: 'value',
  $ne: 'value',
  $gt: 'value',
  $gte: 'value',
  $lt: 'value',
  $lte: 'value',
  $in: 'values',
  $nin: 'values',
  $all: 'values',
  $exists: 'boolean',
  $type: 'type',
  $size: 'integer',
  $mod: 'mod',
  $elemMatch: 'elementMatch',
  $not: 'operators',
  $regex: 'regex',
  $options: 'regexOptions',
  $bitsAllSet: 'value',
  $bitsAnySet: 'value',
  $bitsAllClear: 'value',
  $bitsAnyClear: 'value',
};

export const LOGICAL_OPERATORS: readonly string[] = ['$and', '$or', '$nor'];

/** Extended JSON: an object with this first key is one value. Code, DBPointer and undefined are refused. */
export const VALUE_WRAPPERS: readonly string[] = [
  '$oid',
  '$date',
  '$numberInt',
  '$numberLong',
  '$numberDouble',
  '$numberDecimal',
  '$binary',
  '$uuid',
  '$timestamp',
  '$regularExpression',
  '$minKey',
  '$maxKey',
  '$symbol',
];

/**
 * Operators of `$expr` that depend on the document alone: no scripts, no randomness, no current time, no lookups.
 * A filter whose answer changes without a change of the document could never be followed.
 */
export const EXPRESSION_OPERATORS: readonly string[] = [
  ...['$eq', '$ne', '$gt', '$gte', '$lt', '$lte', '$cmp', '$and', '$or', '$not', '$cond', '$ifNull', '$in', '$literal'],
  ...['$add', '$subtract', '$multiply', '$divide', '$mod', '$abs', '$ceil', '$floor', '$round', '$trunc'],
  ...['$toLower', '$toUpper', '$concat', '$strLenCP', '$strLenBytes', '$substrCP', '$indexOfCP', '$strcasecmp'],
  ...['$size', '$isArray', '$arrayElemAt', '$first', '$last', '$setIsSubset', '$setEquals', '$type', '$isNumber'],
  ...['$year', '$month', '$dayOfMonth', '$dayOfWeek', '$hour', '$toString', '$toLong', '$toInt', '$toDouble'],
];

export const EXPRESSION_VARIABLES: readonly string[] = ['$$ROOT', '$$CURRENT'];
