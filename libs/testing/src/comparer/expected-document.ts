import { ExactNumber, type ExactJson } from './exact-json.js';
import { decimalText, readDecimal } from './expected-decimal.js';
import { hasIsoYear, uuidText } from './expected-id.js';
import { expectedNames, type ObjectRole } from './expected-names.js';
import { readElements, regexParts, stringBytes, type PlainElement, type PlainValue } from './plain-bson.js';

/** Elasticsearch's limit for objects inside one another; the document itself is level 1. */
const MAX_LEVEL = 20;
const LOWEST_TIME = -(2n ** 63n);

/**
 * What a document has to be in Elasticsearch with the default policies, by the tables of docs/documents.md.
 * @param document BSON of a document as MongoDB stores it
 */
export function expectedDocument(document: Buffer): ExactJson {
  return objectOf(readElements(document), 'top', 1);
}

function objectOf(elements: readonly PlainElement[], role: ObjectRole, level: number): ExactJson {
  const names = expectedNames(elements, role, level > MAX_LEVEL ? Infinity : MAX_LEVEL - level);
  const body = Object.create(null) as Record<string, ExactJson>;
  // Later ones of a name win, also when they are undefined.
  const keys = elements.map(({ name }) => name.toString('latin1'));
  const lastAt = new Map(keys.map((key, i) => [key, i]));
  for (const [i, element] of elements.entries()) {
    const key = keys[i]!;
    if (lastAt.get(key) !== i) continue;
    const name = names.get(key);
    if (name === undefined || element.type === 0x06) continue;
    body[name] = valueOf(element, level + name.split('.').length - 1);
  }
  return body;
}

function valueOf({ type, bytes }: PlainValue, level: number): ExactJson {
  switch (type) {
    case 0x01:
      return double(bytes.readDoubleLE());
    case 0x02:
    case 0x0d:
    case 0x0e:
      return stringBytes(bytes).toString();
    case 0x03:
      return embedded(readElements(bytes), level);
    case 0x04:
      return readElements(bytes).map((element) => valueOf(element, level));
    case 0x05:
      return binary(bytes[4]!, bytes.subarray(5));
    case 0x07:
      return bytes.toString('hex');
    case 0x08:
      return bytes[0] === 1;
    case 0x09:
      return date(bytes.readBigInt64LE());
    case 0x0b:
      return `/${regexParts(bytes)[0].toString()}/${regexParts(bytes)[1].toString()}`;
    case 0x0c:
      return oneLevelDown(level, () => ({
        ref: stringBytes(bytes).toString(),
        id: bytes.subarray(-12).toString('hex'),
      }));
    case 0x0f:
      return stringBytes(bytes.subarray(4)).toString();
    case 0x10:
      return new ExactNumber(String(bytes.readInt32LE()));
    case 0x11:
      return oneLevelDown(level, () => ({
        t: new ExactNumber(String(bytes.readUInt32LE(4))),
        i: new ExactNumber(String(bytes.readUInt32LE(0))),
      }));
    case 0x12:
      return new ExactNumber(String(bytes.readBigInt64LE()));
    case 0x13:
      return decimalText(readDecimal(bytes));
    case 0x7f:
      return 'MaxKey';
    case 0xff:
      return 'MinKey';
    default:
      return null;
  }
}

function embedded(elements: readonly PlainElement[], level: number): ExactJson {
  const [first, second] = elements;
  const isDbRef = first?.type === 0x02 && first.name.toString() === '$ref' && second?.name.toString() === '$id';
  return oneLevelDown(level, (inner) => objectOf(elements, isDbRef ? 'dbRef' : 'embedded', inner));
}

/** What is deeper than Elasticsearch takes is its own JSON, as a string. */
function oneLevelDown(level: number, make: (level: number) => ExactJson): ExactJson {
  const inner = make(level + 1);
  return level === MAX_LEVEL ? orderedText(inner) : inner;
}

/** The value as JSON, its names in their order. */
function orderedText(value: ExactJson): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (value instanceof ExactNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((item) => orderedText(item as ExactJson)).join(',')}]`;
  const members = Object.entries(value as Readonly<Record<string, ExactJson>>);
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${orderedText(member)}`).join(',')}}`;
}

function double(value: number): ExactJson {
  if (!Number.isFinite(value)) return null;
  if (Object.is(value, -0)) return new ExactNumber('0.0');
  const text = String(value);
  return new ExactNumber(/[.e]/.test(text) ? text : `${text}.0`);
}

function date(ms: bigint): ExactJson {
  if (hasIsoYear(ms)) return new Date(Number(ms)).toISOString();
  return new ExactNumber(String(ms === LOWEST_TIME ? ms + 1n : ms));
}

function binary(subtype: number, bytes: Buffer): string {
  if ((subtype === 3 || subtype === 4) && bytes.length === 16) return uuidText(bytes);
  const hasInnerLength = subtype === 2 && bytes.length >= 4 && bytes.readInt32LE() === bytes.length - 4;
  return (hasInnerLength ? bytes.subarray(4) : bytes).toString('base64');
}
