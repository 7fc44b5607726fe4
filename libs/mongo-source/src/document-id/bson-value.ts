import { BSON } from '../transcode/bson-layout.js';
import { decimal128Bytes } from './decimal128-bytes.js';
import { exactDoubleText } from './exact-number.js';

/** A BSON value: its type byte and its bytes. */
export interface BsonValue {
  readonly type: number;
  readonly bytes: Buffer;
}

const NON_FINITE: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);
const INT32_LIMIT = 2n ** 31n;
const INT64_LIMIT = 2n ** 63n;

/** One element: type, name, value. */
export function bsonElement(name: Buffer, value: BsonValue): Buffer {
  return Buffer.concat([Buffer.from([value.type]), name, Buffer.from([0]), value.bytes]);
}

/** A document of elements. */
export function bsonDocument(elements: readonly Buffer[]): Buffer {
  const content = Buffer.concat(elements);
  const length = Buffer.alloc(4);
  length.writeInt32LE(content.length + 5);
  return Buffer.concat([length, content, Buffer.from([0])]);
}

/** Length, bytes, NUL. */
export function bsonString(text: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32LE(text.length + 1);
  return Buffer.concat([length, text, Buffer.from([0])]);
}

/** Length, subtype, bytes. */
export function bsonBinary(subtype: number, bytes: Buffer): BsonValue {
  const head = Buffer.alloc(5);
  head.writeInt32LE(bytes.length);
  head[4] = subtype;
  return { type: BSON.binary, bytes: Buffer.concat([head, bytes]) };
}

/** A number equal to the exact decimal text, in the first type that holds it; null when none does. */
export function bsonNumber(text: string): BsonValue | null {
  if (/^-?\d{1,19}$/u.test(text)) {
    const value = BigInt(text);
    if (value >= -INT32_LIMIT && value < INT32_LIMIT) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(Number(value));
      return { type: BSON.int32, bytes };
    }
    if (value >= -INT64_LIMIT && value < INT64_LIMIT) return bsonInt64(BSON.int64, value);
  }
  const double = Number(text);
  if (NON_FINITE.has(text) || (Number.isFinite(double) && exactDoubleText(double) === text)) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(double);
    return { type: BSON.double, bytes };
  }
  const bytes = /^-?\d+(?:\.\d+)?$/u.test(text) ? decimal128Bytes(text) : null;
  return bytes === null ? null : { type: BSON.decimal128, bytes };
}

/** Eight bytes of a type that is a 64-bit integer inside; wraps around. */
export function bsonInt64(type: number, value: bigint): BsonValue {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  return { type, bytes };
}
