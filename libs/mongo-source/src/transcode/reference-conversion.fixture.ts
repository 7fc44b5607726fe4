import { Decimal128 } from 'mongodb';
import type { ConversionPolicies } from './conversion-policies.js';
import { RESERVED_NAMES } from './field-name.js';

/**
 * The conversion once more, as plain as it can be said: slow, recursive, with objects for everything. The transcoder
 * is compared with it, byte by byte. It reads valid BSON only.
 */
export function referenceJson(document: Buffer, policies: ConversionPolicies): string {
  return objectJson(readElements(document), { policies, level: 1, role: 'top', isDeep: false });
}

/** A policy says that the document is not to be written. */
export class ReferenceRefusal extends Error {}

interface Element {
  readonly name: Buffer;
  readonly type: number;
  readonly value: Buffer;
}

interface Place {
  readonly policies: ConversionPolicies;
  readonly level: number;
  readonly role: 'top' | 'object' | 'dbRef';
  readonly isDeep: boolean;
}

function readElements(document: Buffer): Element[] {
  const elements: Element[] = [];
  let at = 4;
  while (document[at] !== 0) {
    const nameEnd = document.indexOf(0, at + 1);
    const type = document[at]!;
    const rest = document.subarray(nameEnd + 1);
    const value = rest.subarray(0, sizeOf(type, rest));
    elements.push({ name: document.subarray(at + 1, nameEnd), type, value });
    at = nameEnd + 1 + value.length;
  }
  return elements;
}

function sizeOf(type: number, rest: Buffer): number {
  const fixed: Record<number, number> = {
    1: 8,
    6: 0,
    7: 12,
    8: 1,
    9: 8,
    10: 0,
    16: 4,
    17: 8,
    18: 8,
    19: 16,
    127: 0,
    255: 0,
  };
  if (type in fixed) return fixed[type]!;
  if (type === 3 || type === 4 || type === 15) return rest.readInt32LE();
  if (type === 5) return rest.readInt32LE() + 5;
  if (type === 11) return rest.indexOf(0, rest.indexOf(0) + 1) + 1;
  return rest.readInt32LE() + 4 + (type === 12 ? 12 : 0);
}

function objectJson(elements: readonly Element[], place: Place): string {
  const names = jsonNames(elements, place);
  const members: string[] = [];
  elements.forEach((element, i) => {
    const key = element.name.toString('latin1');
    const isReplaced = elements.slice(i + 1).some((later) => later.name.toString('latin1') === key);
    const name = names.get(key);
    if (name === undefined || element.type === 6) return;
    const level = place.level + name.split('.').length - 1;
    // A value that is replaced can still refuse its document.
    const member = `${JSON.stringify(name)}:${valueJson(element, { ...place, level })}`;
    if (!isReplaced) members.push(member);
  });
  return `{${members.join(',')}}`;
}

function valueJson({ type, value }: Pick<Element, 'type' | 'value'>, place: Place): string {
  const { policies } = place;
  switch (type) {
    case 1:
      return doubleJson(value.readDoubleLE(), policies);
    case 2:
    case 13:
    case 14:
      return JSON.stringify(stringOf(value));
    case 3:
      return nested(place, (inner) => {
        const elements = readElements(value);
        return objectJson(elements, { ...inner, role: isDbRef(elements) ? 'dbRef' : 'object' });
      });
    case 4:
      return `[${readElements(value)
        .map((element) => valueJson(element, place))
        .join(',')}]`;
    case 5:
      return JSON.stringify(binaryText(value));
    case 7:
      return JSON.stringify(value.toString('hex'));
    case 8:
      return value[0] === 1 ? 'true' : 'false';
    case 9:
      return dateJson(value.readBigInt64LE());
    case 11: {
      const [pattern, options] = value.toString('utf8').split('\0');
      return JSON.stringify(`/${pattern}/${options}`);
    }
    case 12:
      return nested(place, () =>
        JSON.stringify({ ref: stringOf(value.subarray(0, -12)), id: value.subarray(-12).toString('hex') }),
      );
    case 15:
      return JSON.stringify(stringOf(value.subarray(4)));
    case 16:
      return String(value.readInt32LE());
    case 17:
      return nested(place, () => JSON.stringify({ t: value.readUInt32LE(4), i: value.readUInt32LE(0) }));
    case 18:
      return String(value.readBigInt64LE());
    case 19:
      return decimalJson(value, policies);
    case 127:
      return '"MaxKey"';
    case 255:
      return '"MinKey"';
    default:
      return 'null';
  }
}

/** One level down; below the deepest one, JSON becomes the text of a string. */
function nested(place: Place, write: (inner: Place) => string): string {
  const level = place.level + 1;
  if (place.isDeep || level <= place.policies.maxDepth) return write({ ...place, level });
  if (place.policies.tooDeep === 'reject') throw new ReferenceRefusal();
  return JSON.stringify(write({ ...place, level, isDeep: true }));
}

function stringOf(value: Buffer): string {
  return value.subarray(4, 4 + value.readInt32LE() - 1).toString('utf8');
}

function isDbRef([first, second]: readonly Element[]): boolean {
  return first?.type === 2 && first.name.toString() === '$ref' && second?.name.toString() === '$id';
}

function doubleJson(value: number, policies: ConversionPolicies): string {
  if (!Number.isFinite(value)) return nonFiniteJson(String(value), policies);
  if (Object.is(value, -0)) return '0.0';
  const text = String(value);
  return /[.e]/u.test(text) ? text : `${text}.0`;
}

function nonFiniteJson(text: string, { nonFinite }: ConversionPolicies): string {
  if (nonFinite === 'reject') throw new ReferenceRefusal();
  return nonFinite === 'null' ? 'null' : JSON.stringify(text);
}

function decimalJson(value: Buffer, policies: ConversionPolicies): string {
  const bits = value.readBigUInt64LE(8);
  const isLarge = ((bits >> 61n) & 3n) === 3n;
  const isSpecial = ((bits >> 59n) & 15n) === 15n;
  const coefficient = ((bits & 0x1_ffff_ffff_ffffn) << 64n) | value.readBigUInt64LE(0);
  let canonical = Buffer.from(value);
  if (!isSpecial && (isLarge || coefficient >= 10n ** 34n)) {
    const exponent = isLarge ? (bits >> 47n) & 0x3fffn : (bits >> 49n) & 0x3fffn;
    canonical = Buffer.alloc(16);
    canonical.writeBigUInt64LE((bits & (1n << 63n)) | (exponent << 49n), 8);
  }
  const text = new Decimal128(canonical).toString();
  if (policies.decimal === 'string') return JSON.stringify(text);
  return Number.isFinite(Number(text)) ? text : nonFiniteJson(text, policies);
}

function dateJson(ms: bigint): string {
  const isIso = ms >= -62_167_219_200_000n && ms <= 253_402_300_799_999n;
  if (isIso) return JSON.stringify(new Date(Number(ms)).toISOString());
  return String(ms === -(2n ** 63n) ? ms + 1n : ms);
}

function binaryText(value: Buffer): string {
  const bytes = value.subarray(5);
  const subtype = value[4]!;
  if ((subtype === 3 || subtype === 4) && bytes.length === 16) {
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }
  const isOld = subtype === 2 && bytes.length >= 4 && bytes.readInt32LE() === bytes.length - 4;
  return (isOld ? bytes.subarray(4) : bytes).toString('base64');
}

/** JSON names by the chars of the BSON name; names that are left out are absent. */
function jsonNames(elements: readonly Element[], place: Place): Map<string, string> {
  const all = [...new Set(elements.map(({ name }) => name.toString('latin1')))].sort().map((key) => nameOf(key, place));
  const present = all.filter(({ text }) => text !== null).map((entry) => ({ ...entry, text: entry.text! }));
  const usual = new Set(present.map(({ text }) => text));
  const apart = (text: string): string => {
    const parts = text.split('.');
    const isPath = parts.some((_, i) => i > 0 && usual.has(parts.slice(0, i).join('.')));
    return isPath ? parts.join('%2E') : text;
  };
  const result = new Map<string, string>();
  for (const { key, text, isMovable } of present) if (!isMovable) result.set(key, apart(text));
  for (const { key, text, isMovable } of present) {
    if (!isMovable) continue;
    const taken = [...result.values()];
    let name = apart(text);
    for (let n = 2; taken.includes(name); n++) name = `${apart(text)}${n}`;
    result.set(key, name);
  }
  return result;
}

function nameOf(key: string, place: Place): { key: string; text: string | null; isMovable: boolean } {
  const { policies, role, level } = place;
  const bytes = Buffer.from(key, 'latin1');
  const plain = bytes.toString('utf8');
  const isRepaired = !Buffer.from(plain, 'utf8').equals(bytes);
  if (role === 'top' && key === '_id') {
    const { idField } = policies;
    return {
      key,
      text: idField !== null && RESERVED_NAMES.has(idField) ? `field${idField}` : idField,
      isMovable: true,
    };
  }
  const escaped = escapedName(plain);
  let text = escaped;
  if (role === 'top' && RESERVED_NAMES.has(text.split('.')[0]!)) text = `field${text}`;
  if (role === 'dbRef' && ['$ref', '$id', '$db'].includes(text)) text = text.slice(1);
  const isMovable = isRepaired || text !== escaped;
  if (!place.isDeep && level + text.split('.').length - 1 > policies.maxDepth) text = text.replaceAll('.', '%2E');
  return { key, text, isMovable };
}

function escapedName(name: string): string {
  if (name === '' || name === '%') return name === '' ? '%' : '%25';
  const percent = (text: string): string =>
    [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  const chars = [...name].map((char, i, list) => {
    if (char === '%' && /^[0-9a-f]{2}$/iu.test((list[i + 1] ?? '') + (list[i + 2] ?? ''))) return '%25';
    const isLoose = i === 0 || i === list.length - 1 || list[i - 1] === '.' || list[i + 1] === '.';
    return char === '.' && isLoose ? '%2E' : char;
  });
  const parts = chars.join('').split('.');

  return parts.map((part) => (/^[\s\u001c-\u001f]+$/u.test(part) ? percent(part) : part)).join('.');
}
