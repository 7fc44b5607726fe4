/** Type bytes of BSON (bsonspec.org, version 1.1). */
export const BSON = {
  double: 0x01,
  string: 0x02,
  document: 0x03,
  array: 0x04,
  binary: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  code: 0x0d,
  symbol: 0x0e,
  codeWithScope: 0x0f,
  int32: 0x10,
  timestamp: 0x11,
  int64: 0x12,
  decimal128: 0x13,
  maxKey: 0x7f,
  minKey: 0xff,
} as const;

/** What functions here return instead of a position when the bytes are not BSON. */
export const CORRUPT = -1;

/** Position of the NUL that ends the text at `from`, below `limit`; CORRUPT when there is none. */
export function textEnd(source: Uint8Array, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (source[at] === 0) return at;
  }
  return CORRUPT;
}

/**
 * Position behind the string (length, bytes, NUL) at `from`, at most `limit`; its text is
 * `[from + 4, result - 1)`.
 */
export function stringEnd(source: DataView, from: number, limit: number): number {
  if (from + 5 > limit) return CORRUPT;
  const length = source.getInt32(from, true);
  if (length < 1 || length > limit - from - 4) return CORRUPT;
  const end = from + 4 + length;
  return source.getUint8(end - 1) === 0 ? end : CORRUPT;
}

/** Position behind the document or array at `from`; its own content is not looked at. */
export function documentEnd(source: DataView, from: number, limit: number): number {
  if (from + 5 > limit) return CORRUPT;
  const length = source.getInt32(from, true);
  if (length < 5 || length > limit - from) return CORRUPT;
  const end = from + length;
  return source.getUint8(end - 1) === 0 ? end : CORRUPT;
}

/** Position behind the binary (length, subtype, bytes) at `from`. */
export function binaryEnd(source: DataView, from: number, limit: number): number {
  if (from + 5 > limit) return CORRUPT;
  const length = source.getInt32(from, true);
  return length < 0 || length > limit - from - 5 ? CORRUPT : from + 5 + length;
}

/** Position behind the code with scope at `from`; the scope's content is not looked at. */
export function codeWithScopeEnd(source: DataView, from: number, limit: number): number {
  if (from + 14 > limit) return CORRUPT;
  const length = source.getInt32(from, true);
  if (length < 14 || length > limit - from) return CORRUPT;
  const end = from + length;
  const scope = stringEnd(source, from + 4, end);
  return scope !== CORRUPT && documentEnd(source, scope, end) === end ? end : CORRUPT;
}

/** Position behind the value of `type` at `from`, at most `limit`, or CORRUPT. */
export function valueEnd(bytes: Uint8Array, source: DataView, type: number, from: number, limit: number): number {
  switch (type) {
    case BSON.string:
    case BSON.code:
    case BSON.symbol:
      return stringEnd(source, from, limit);
    case BSON.document:
    case BSON.array:
      return documentEnd(source, from, limit);
    case BSON.binary:
      return binaryEnd(source, from, limit);
    case BSON.regex: {
      const options = textEnd(bytes, from, limit);
      const end = options === CORRUPT ? CORRUPT : textEnd(bytes, options + 1, limit);
      return end === CORRUPT ? CORRUPT : end + 1;
    }
    case BSON.dbPointer: {
      const end = stringEnd(source, from, limit);
      return end === CORRUPT || end + 12 > limit ? CORRUPT : end + 12;
    }
    case BSON.codeWithScope:
      return codeWithScopeEnd(source, from, limit);
    case BSON.bool:
      return from < limit && bytes[from]! <= 1 ? from + 1 : CORRUPT;
    default: {
      const size = fixedSize(type);
      return size === CORRUPT || from + size > limit ? CORRUPT : from + size;
    }
  }
}

function fixedSize(type: number): number {
  switch (type) {
    case BSON.undefined:
    case BSON.null:
    case BSON.minKey:
    case BSON.maxKey:
      return 0;
    case BSON.int32:
      return 4;
    case BSON.double:
    case BSON.date:
    case BSON.timestamp:
    case BSON.int64:
      return 8;
    case BSON.objectId:
      return 12;
    case BSON.decimal128:
      return 16;
    default:
      return CORRUPT;
  }
}
