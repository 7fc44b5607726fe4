import { createHash } from 'node:crypto';
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  DBRef,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  type Document,
} from 'mongodb';
import { ExactNumber, type ExactJson } from './exact-json.js';

/** How a driver has to parse documents for {@link expectedDocument}: nothing promoted, nothing lost. */
export const EXACT_BSON_OPTIONS = {
  promoteValues: false,
  promoteLongs: false,
  promoteBuffers: false,
  bsonRegExp: true,
  enableUtf8Validation: false,
} as const;

/** Names that Elasticsearch keeps for itself at the top of a document. */
const RESERVED = [
  '_id',
  '_index',
  '_source',
  '_routing',
  '_ignored',
  '_field_names',
  '_tier',
  '_seq_no',
  '_version',
  '_doc_count',
  '_type',
  '_primary_term',
  '_nested_path',
  '_data_stream_timestamp',
];

/** What a document has to look like in Elasticsearch, by the tables of docs/documents.md. */
export function expectedDocument(document: Document): ExactJson {
  const body = Object.create(null) as Record<string, ExactJson>;
  for (const [name, value] of Object.entries(document)) {
    if (name === '_id' || value === undefined) continue;
    body[RESERVED.includes(name) ? `field${name}` : escapedName(name)] = expectedValue(value);
  }
  return body;
}

function expectedObject(document: Document): Readonly<Record<string, ExactJson>> {
  const body = Object.create(null) as Record<string, ExactJson>;
  for (const [name, value] of Object.entries(document)) {
    if (value !== undefined) body[escapedName(name)] = expectedValue(value);
  }
  return body;
}

/** The simple cases; names with dots have a test of their own. */
function escapedName(name: string): string {
  return name === '' ? '%' : name;
}

function expectedValue(value: unknown): ExactJson {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Double) return doubleText(value.value);
  if (value instanceof Int32) return new ExactNumber(value.value.toString());
  if (value instanceof Timestamp) {
    return {
      t: new ExactNumber(String(value.getHighBitsUnsigned())),
      i: new ExactNumber(String(value.getLowBitsUnsigned())),
    };
  }
  if (value instanceof Long) return new ExactNumber(value.toString());
  if (value instanceof Decimal128) return value.toString();
  if (value instanceof Date) return dateText(value);
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Binary) return binaryText(value);
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Code) return typeof value.code === 'string' ? value.code : String(value.code);
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof MinKey) return 'MinKey';
  if (value instanceof MaxKey) return 'MaxKey';
  if (value instanceof DBRef) return dbRef(value);
  if (Array.isArray(value)) return value.map(expectedValue);
  if (typeof value === 'number') throw new TypeError('a number was promoted: read with EXACT_BSON_OPTIONS');
  return expectedObject(value);
}

function doubleText(value: number): ExactJson {
  if (!Number.isFinite(value)) return null;
  if (Object.is(value, -0)) return new ExactNumber('0.0');
  const text = String(value);
  return new ExactNumber(/[.e]/.test(text) ? text : `${text}.0`);
}

function dateText(value: Date): ExactJson {
  const year = value.getUTCFullYear();
  if (Number.isNaN(year) || year < 0 || year > 9999) return new ExactNumber(String(value.getTime()));
  return value.toISOString();
}

function binaryText(value: Binary): string {
  const bytes = Buffer.from(value.value());
  const isUuid = (value.sub_type === 3 || value.sub_type === 4) && bytes.length === 16;
  if (!isUuid) return bytes.toString('base64');
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function dbRef(value: DBRef): ExactJson {
  return {
    ref: value.collection,
    id: expectedValue(value.oid),
    ...(value.db === undefined ? {} : { db: value.db }),
    ...(Object.keys(value.fields).length === 0 ? {} : expectedObject(value.fields)),
  };
}

/** What the id of a document has to be, for the kinds of `_id` that sample and test data have. */
export function expectedId(id: unknown): string {
  const text = idText(id);
  return Buffer.byteLength(text) > 512 ? `{"$sha256":"${createHash('sha256').update(text).digest('hex')}"}` : text;
}

function idText(id: unknown): string {
  if (id instanceof ObjectId) return id.toHexString();
  if (typeof id === 'string') return /^$|^[0-9a-f]{24}$|^[{"]/.test(id) ? JSON.stringify(id) : id;
  if (id instanceof Int32 || id instanceof Long) return `{"$number":"${id.toString()}"}`;
  if (id instanceof Double && Number.isInteger(id.value)) return `{"$number":"${BigInt(id.value).toString()}"}`;
  if (id instanceof Binary && id.sub_type === 4) return `{"$uuid":"${binaryText(id)}"}`;
  throw new TypeError(`the comparer has no rule for this kind of _id: ${String(id)}`);
}
