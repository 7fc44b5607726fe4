import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { plainDecimal, plainDouble, readDecimal } from './expected-decimal.js';
import { readElements, regexParts, stringBytes, type PlainElement, type PlainValue } from './plain-bson.js';

/** What the Elasticsearch id of an `_id` has to be, by the table of docs/documents.md. */
export function expectedId(value: PlainValue): string {
  const text = idText(value);
  return Buffer.byteLength(text) > 512 ? `{"$sha256":"${createHash('sha256').update(text).digest('hex')}"}` : text;
}

/** Dashed lower-case form of sixteen bytes. */
export function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** True for the times that have an ISO 8601 text with a year of four digits. */
export function hasIsoYear(ms: bigint): boolean {
  return ms >= BigInt(Date.parse('0000-01-01T00:00:00.000Z')) && ms <= BigInt(Date.parse('9999-12-31T23:59:59.999Z'));
}

function idText(value: PlainValue): string {
  const { type, bytes } = value;
  if (type === 0x07) return bytes.toString('hex');
  if (type === 0x04) return `{"$array":${typedText(value)}}`;
  if ((type !== 0x02 && type !== 0x0e) || !isUtf8(stringBytes(bytes))) return typedText(value);
  const text = stringBytes(bytes).toString();
  return /^$|^[0-9a-f]{24}$|^[{"]/.test(text) ? JSON.stringify(text) : text;
}

function typedText({ type, bytes }: PlainValue): string {
  switch (type) {
    case 0x01:
      return number(plainDouble(bytes.readDoubleLE()));
    case 0x02:
    case 0x0e:
      return quoted(stringBytes(bytes));
    case 0x03:
      return documentText(readElements(bytes));
    case 0x04:
      return `[${readElements(bytes).map(typedText).join(',')}]`;
    case 0x05:
      return binaryText(bytes);
    case 0x06:
      return '{"$undefined":true}';
    case 0x07:
      return `{"$oid":"${bytes.toString('hex')}"}`;
    case 0x08:
      return `{"$bool":${bytes[0] === 1}}`;
    case 0x09:
      return dateText(bytes.readBigInt64LE());
    case 0x0a:
      return '{"$null":true}';
    case 0x0b:
      return `{"$regex":[${regexParts(bytes).map(quoted).join(',')}]}`;
    case 0x0c:
      return `{"$dbPointer":[${quoted(stringBytes(bytes))},"${bytes.subarray(-12).toString('hex')}"]}`;
    case 0x0d:
      return `{"$code":${quoted(stringBytes(bytes))}}`;
    case 0x0f:
      return codeWithScope(bytes);
    case 0x10:
      return number(String(bytes.readInt32LE()));
    case 0x11:
      return `{"$timestamp":{"t":${bytes.readUInt32LE(4)},"i":${bytes.readUInt32LE(0)}}}`;
    case 0x12:
      return number(String(bytes.readBigInt64LE()));
    case 0x13:
      return number(plainDecimal(readDecimal(bytes)));
    case 0x7f:
      return '{"$maxKey":1}';
    case 0xff:
      return '{"$minKey":1}';
    default:
      throw new TypeError(`no BSON type: ${type}`);
  }
}

function number(text: string): string {
  return `{"$number":"${text}"}`;
}

function quoted(bytes: Buffer): string {
  return isUtf8(bytes) ? JSON.stringify(bytes.toString()) : `{"$string":"${bytes.toString('base64')}"}`;
}

function binaryText(bytes: Buffer): string {
  const subtype = bytes[4]!;
  const content = bytes.subarray(5);
  if (subtype === 4 && content.length === 16) return `{"$uuid":"${uuidText(content)}"}`;
  const hex = subtype.toString(16).padStart(2, '0');
  return `{"$binary":{"base64":"${content.toString('base64')}","subType":"${hex}"}}`;
}

function dateText(ms: bigint): string {
  return `{"$date":"${hasIsoYear(ms) ? new Date(Number(ms)).toISOString() : ms}"}`;
}

function codeWithScope(bytes: Buffer): string {
  const code = bytes.subarray(4);
  const scope = readElements(code.subarray(4 + code.readInt32LE()));
  return `{"$code":${quoted(stringBytes(code))},"$scope":${documentText(scope)}}`;
}

function documentText(elements: readonly PlainElement[]): string {
  const names = elements.map(({ name }) => name.toString('latin1'));
  const couldBeMisread =
    names[0]?.startsWith('$') === true ||
    new Set(names).size < names.length ||
    elements.some(({ name }) => !isUtf8(name) || /^[0-9]+$/.test(name.toString()));
  if (!couldBeMisread) return `{${elements.map((one) => `${quoted(one.name)}:${typedText(one)}`).join(',')}}`;
  return `{"$document":[${elements.map((one) => `[${quoted(one.name)},${typedText(one)}]`).join(',')}]}`;
}
