import { isUtf8 } from 'node:buffer';
import type { PlainElement } from './plain-bson.js';

/** Names that Elasticsearch keeps for itself at the top of a document. */
const RESERVED = (
  '_data_stream_timestamp _doc_count _feature _field_names _id _ignored _ignored_source _index _inference_fields ' +
  '_nested_path _primary_term _routing _seq_no _size _source _tier _ts_routing_hash _tsid _type _version'
).split(' ');

/** What an object is, for the names in it. */
export type ObjectRole = 'top' | 'embedded' | 'dbRef';

interface Name {
  readonly key: string;
  readonly text: string;
  /** It was changed in a way that another name could already have. */
  readonly givesWay: boolean;
}

/** The names of an object's fields in Elasticsearch, by the bytes (as latin1) of their names in MongoDB. */
export function expectedNames(
  elements: readonly PlainElement[],
  role: ObjectRole,
  /** Levels that a dotted name may add; beyond, its dots are escaped. */
  levelsLeft: number,
): Map<string, string> {
  const keys = [...new Set(elements.map(({ name }) => name.toString('latin1')))].sort();
  const names = keys.filter((key) => role !== 'top' || key !== '_id').map((key) => nameOf(key, role, levelsLeft));
  const all = new Set(names.map(({ text }) => text));
  const result = new Map<string, string>();
  const taken = new Set<string>();
  for (const { key, text } of names.filter(({ givesWay }) => !givesWay)) {
    const name = besideOthers(text, all);
    taken.add(name);
    result.set(key, name);
  }
  for (const { key, text } of names.filter(({ givesWay }) => givesWay)) {
    const wanted = besideOthers(text, all);
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}${number}`;
    taken.add(name);
    result.set(key, name);
  }
  return result;
}

function nameOf(key: string, role: ObjectRole, levelsLeft: number): Name {
  const bytes = Buffer.from(key, 'latin1');
  const escaped = escapedName(bytes.toString());
  let text = escaped;
  if (role === 'top' && RESERVED.includes(text.split('.')[0]!)) text = `field${text}`;
  if (role === 'dbRef' && ['$ref', '$id', '$db'].includes(text)) text = text.slice(1);
  const givesWay = text !== escaped || !isUtf8(bytes);
  return { key, text: text.split('.').length - 1 > levelsLeft ? text.replaceAll('.', '%2E') : text, givesWay };
}

/** `a.b` beside `a` would be one path. */
function besideOthers(text: string, all: ReadonlySet<string>): string {
  const parts = text.split('.');
  const meets = parts.some((_part, i) => i > 0 && all.has(parts.slice(0, i).join('.')));
  return meets ? parts.join('%2E') : text;
}

function escapedName(name: string): string {
  if (name === '') return '%';
  if (name === '%') return '%25';
  const chars = [...name];
  const dots = chars.map((char, i) => {
    if (char === '%' && /^[0-9a-fA-F]{2}$/.test(chars.slice(i + 1, i + 3).join(''))) return '%25';
    const isLoose = [undefined, '.'].includes(chars[i - 1]) || [undefined, '.'].includes(chars[i + 1]);
    return char === '.' && isLoose ? '%2E' : char;
  });
  const parts = dots.join('').split('.');
  return parts.map((part) => (/^[\s\u001c-\u001f]+$/u.test(part) ? percentEncoded(part) : part)).join('.');
}

function percentEncoded(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
