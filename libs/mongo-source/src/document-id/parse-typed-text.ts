import { BSON } from '../transcode/bson-layout.js';
import {
  bsonBinary,
  bsonDocument,
  bsonElement,
  bsonInt64,
  bsonNumber,
  bsonString,
  type BsonValue,
} from './bson-value.js';

const TWO_TO_32 = 2n ** 32n;

/** The BSON value that a parsed typed text stands for; null when it stands for none. May accept more than is written. */
export function valueOfTypedText(json: unknown): BsonValue | null {
  if (typeof json === 'string') return { type: BSON.string, bytes: bsonString(Buffer.from(json)) };
  if (Array.isArray(json)) return arrayValue(json);
  if (!isObject(json)) return null;
  const [tag, ...others] = Object.keys(json);
  if (!tag?.startsWith('$')) return documentValue(Object.entries(json));
  if (others.length === 0) return taggedValue(tag, json[tag]);
  return tag === '$code' && others.length === 1 && others[0] === '$scope' ? codeValue(json[tag], json.$scope) : null;
}

function taggedValue(tag: string, json: unknown): BsonValue | null {
  switch (tag) {
    case '$number':
      return typeof json === 'string' ? bsonNumber(json) : null;
    case '$string': {
      const text = base64Bytes(json);
      return text === null ? null : { type: BSON.string, bytes: bsonString(text) };
    }
    case '$oid':
      return typeof json === 'string' ? { type: BSON.objectId, bytes: Buffer.from(json, 'hex') } : null;
    case '$uuid':
      return typeof json === 'string' ? bsonBinary(4, Buffer.from(json.replaceAll('-', ''), 'hex')) : null;
    case '$binary':
      return binaryValue(json);
    case '$date':
      return typeof json === 'string' ? dateValue(json) : null;
    case '$timestamp':
      return timestampValue(json);
    case '$bool':
      return { type: BSON.bool, bytes: Buffer.from([json === true ? 1 : 0]) };
    case '$null':
      return { type: BSON.null, bytes: Buffer.alloc(0) };
    case '$undefined':
      return { type: BSON.undefined, bytes: Buffer.alloc(0) };
    case '$minKey':
      return { type: BSON.minKey, bytes: Buffer.alloc(0) };
    case '$maxKey':
      return { type: BSON.maxKey, bytes: Buffer.alloc(0) };
    case '$regex':
      return regexValue(json);
    case '$dbPointer':
      return dbPointerValue(json);
    case '$code':
      return codeValue(json, undefined);
    case '$array':
      return Array.isArray(json) ? arrayValue(json) : null;
    case '$document':
      return Array.isArray(json) ? documentValue(json) : null;
    default:
      return null;
  }
}

function arrayValue(items: readonly unknown[]): BsonValue | null {
  const bytes = elementsOf(items.map((item, i): [unknown, unknown] => [String(i), item]));
  return bytes === null ? null : { type: BSON.array, bytes };
}

function documentValue(members: readonly unknown[]): BsonValue | null {
  const bytes = elementsOf(members);
  return bytes === null ? null : { type: BSON.document, bytes };
}

function elementsOf(members: readonly unknown[]): Buffer | null {
  const elements: Buffer[] = [];
  for (const member of members) {
    if (!Array.isArray(member)) return null;
    const name = textBytes(member[0]);
    const value = valueOfTypedText(member[1]);
    if (name === null || value === null || name.includes(0)) return null;
    elements.push(bsonElement(name, value));
  }
  return bsonDocument(elements);
}

function binaryValue(json: unknown): BsonValue | null {
  if (!isObject(json)) return null;
  const bytes = base64Bytes(json.base64);
  const { subType } = json;
  if (bytes === null || typeof subType !== 'string' || !/^[0-9a-f]{2}$/u.test(subType)) return null;
  return bsonBinary(parseInt(subType, 16), bytes);
}

function dateValue(text: string): BsonValue | null {
  if (/^-?\d+$/u.test(text)) return bsonInt64(BSON.date, BigInt(text));
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : bsonInt64(BSON.date, BigInt(ms));
}

function timestampValue(json: unknown): BsonValue | null {
  if (!isObject(json) || !isUint32(json.t) || !isUint32(json.i)) return null;
  return bsonInt64(BSON.timestamp, BigInt(json.t) * TWO_TO_32 + BigInt(json.i));
}

function regexValue(json: unknown): BsonValue | null {
  if (!Array.isArray(json)) return null;
  const pattern = textBytes(json[0]);
  const options = textBytes(json[1]);
  if (pattern === null || options === null) return null;
  const nul = Buffer.from([0]);
  return { type: BSON.regex, bytes: Buffer.concat([pattern, nul, options, nul]) };
}

function dbPointerValue(json: unknown): BsonValue | null {
  if (!Array.isArray(json)) return null;
  const name = textBytes(json[0]);
  const id: unknown = json[1];
  if (name === null || typeof id !== 'string') return null;
  return { type: BSON.dbPointer, bytes: Buffer.concat([bsonString(name), Buffer.from(id, 'hex')]) };
}

function codeValue(json: unknown, scope: unknown): BsonValue | null {
  const code = textBytes(json);
  if (code === null) return null;
  if (scope === undefined) return { type: BSON.code, bytes: bsonString(code) };
  const inner = valueOfTypedText(scope);
  if (inner?.type !== BSON.document) return null;
  const content = Buffer.concat([bsonString(code), inner.bytes]);
  const length = Buffer.alloc(4);
  length.writeInt32LE(content.length + 4);
  return { type: BSON.codeWithScope, bytes: Buffer.concat([length, content]) };
}

/** The bytes of a text that may not be UTF-8. */
function textBytes(json: unknown): Buffer | null {
  if (typeof json === 'string') return Buffer.from(json);
  return isObject(json) ? base64Bytes(json.$string) : null;
}

function base64Bytes(json: unknown): Buffer | null {
  return typeof json === 'string' ? Buffer.from(json, 'base64') : null;
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function isUint32(json: unknown): json is number {
  return typeof json === 'number' && Number.isInteger(json) && json >= 0 && json < Number(TWO_TO_32);
}
