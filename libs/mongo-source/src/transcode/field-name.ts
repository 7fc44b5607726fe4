import { isUtf8 } from 'node:buffer';

/**
 * Names that Elasticsearch keeps for itself at the top of a document, 8.0 to 9.x. Others that begin with an
 * underscore are ordinary names there.
 */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  '_data_stream_timestamp',
  '_doc_count',
  '_feature',
  '_field_names',
  '_id',
  '_ignored',
  '_ignored_source',
  '_index',
  '_inference_fields',
  '_nested_path',
  '_primary_term',
  '_routing',
  '_seq_no',
  '_size',
  '_source',
  '_tier',
  '_ts_routing_hash',
  '_tsid',
  '_type',
  '_version',
]);

const RENAMED_PREFIX = 'field';
const NEEDS_LOOK = /[%.]|^[\s\u001c-\u001f]*$/u;
const ESCAPE_LOOK_ALIKE = /%(?=[0-9A-Fa-f]{2})|^%$/gu;
/** Dots that Elasticsearch cannot make a path of: leading, trailing, neighbouring. */
const EMPTY_PART_DOTS = /^\.+|\.+$|\.{2,}/gu;
// Blanks are what Java calls whitespace, a subset of this class.
const BLANK_PART = /(?<=^|\.)[\s\u001c-\u001f]+(?=\.|$)/gu;

/** The name of a field as JSON shows it, before its siblings are looked at. */
export interface FieldName {
  readonly text: string;
  /** Another word: reserved at the top, or a part of a DBRef. Not unique by itself. */
  readonly isRenamed: boolean;
  /** Bytes written as `%` and two hex digits; reversible, unique. */
  readonly isEscaped: boolean;
  /** Bytes that are not UTF-8 replaced by U+FFFD. Not unique by itself. */
  readonly isRepaired: boolean;
}

/** The JSON name for the bytes of a BSON name. */
export function fieldName(raw: Buffer): FieldName {
  const isRepaired = !isUtf8(raw);
  const plain = raw.toString('utf8');
  const text = escapeName(plain);
  return { text, isRenamed: false, isEscaped: text !== plain, isRepaired };
}

/** Escapes what Elasticsearch refuses in a name, and what could be taken for such an escape. */
export function escapeName(name: string): string {
  if (!NEEDS_LOOK.test(name)) return name;
  if (name === '') return '%';
  return name
    .replace(ESCAPE_LOOK_ALIKE, '%25')
    .replace(EMPTY_PART_DOTS, percentEncode)
    .replace(BLANK_PART, percentEncode);
}

/** The name with its dots escaped, for a field that must not become a path. */
export function escapeDots(name: string): string {
  return name.replaceAll('.', '%2E');
}

/** The name with `field` in front when its first part is reserved at the top of a document. */
export function renameReserved(name: string): string {
  const dot = name.indexOf('.');
  const first = dot === -1 ? name : name.slice(0, dot);
  return RESERVED_NAMES.has(first) ? RENAMED_PREFIX + name : name;
}

function percentEncode(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return encoded;
}
