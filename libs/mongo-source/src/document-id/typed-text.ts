import { isUtf8 } from 'node:buffer';
import { binaryEnd, BSON, CORRUPT, stringEnd, textEnd, valueEnd } from '../transcode/bson-layout.js';
import { hasIsoText } from '../transcode/date-text.js';
import { isUuid } from '../transcode/scalar-writer.js';
import { exactNumberText, isNumeric } from './exact-number.js';

const UUID_SUBTYPE = 4;
const CONSTANTS: ReadonlyMap<number, string> = new Map([
  [BSON.null, '{"$null":true}'],
  [BSON.undefined, '{"$undefined":true}'],
  [BSON.minKey, '{"$minKey":1}'],
  [BSON.maxKey, '{"$maxKey":1}'],
]);

/** BSON bytes with both of their readers. */
export interface BsonBytes {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/** UTF-8 text as a JSON string; other bytes as `{"$string":"<base64>"}`. */
export function textOf({ bytes }: BsonBytes, from: number, to: number): string {
  const slice = bytes.subarray(from, to);
  return isUtf8(slice) ? JSON.stringify(slice.toString('utf8')) : `{"$string":"${slice.toString('base64')}"}`;
}

/**
 * The typed text of a value other than a document, an array or a code with scope, at `at` and ending at or before
 * `limit`: equal values have equal texts, different ones different texts. Null when it is corrupt.
 */
export function scalarTypedText(source: BsonBytes, type: number, at: number, limit: number): string | null {
  const { bytes, view } = source;
  const end = valueEnd(bytes, view, type, at, limit);
  if (end === CORRUPT) return null;
  if (isNumeric(type)) return `{"$number":"${exactNumberText(view, type, at)}"}`;
  switch (type) {
    case BSON.string:
    case BSON.symbol:
      return textOf(source, at + 4, end - 1);
    case BSON.objectId:
      return `{"$oid":"${bytes.toString('hex', at, end)}"}`;
    case BSON.bool:
      return `{"$bool":${bytes[at] === 1}}`;
    case BSON.date:
      return `{"$date":"${dateText(view, at)}"}`;
    case BSON.timestamp:
      return `{"$timestamp":{"t":${view.getUint32(at + 4, true)},"i":${view.getUint32(at, true)}}}`;
    case BSON.binary:
      return binaryText(source, at, end);
    case BSON.regex: {
      const patternEnd = textEnd(bytes, at, end);
      return `{"$regex":[${textOf(source, at, patternEnd)},${textOf(source, patternEnd + 1, end - 1)}]}`;
    }
    case BSON.dbPointer: {
      const nameEnd = stringEnd(view, at, end);
      return `{"$dbPointer":[${textOf(source, at + 4, nameEnd - 1)},"${bytes.toString('hex', nameEnd, end)}"]}`;
    }
    case BSON.code:
      return `{"$code":${textOf(source, at + 4, end - 1)}}`;
    default:
      return CONSTANTS.get(type) ?? null;
  }
}

function dateText(view: DataView, at: number): string {
  const ms = view.getBigInt64(at, true);
  return hasIsoText(Number(ms)) ? isoText(Number(ms)) : ms.toString();
}

/** JavaScript writes year 0 as 0000, unlike years below it. */
function isoText(ms: number): string {
  return new Date(ms).toISOString();
}

function binaryText({ bytes, view }: BsonBytes, at: number, end: number): string {
  const subtype = bytes[at + 4]!;
  if (binaryEnd(view, at, end) === end && subtype === UUID_SUBTYPE && isUuid(view, at)) {
    const hex = bytes.toString('hex', at + 5, end);
    return `{"$uuid":"${hex.replace(/(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-')}"}`;
  }
  const subType = subtype.toString(16).padStart(2, '0');
  return `{"$binary":{"base64":"${bytes.toString('base64', at + 5, end)}","subType":"${subType}"}}`;
}
