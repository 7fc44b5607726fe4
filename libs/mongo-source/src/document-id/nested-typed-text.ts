import { isUtf8 } from 'node:buffer';
import {
  BSON,
  codeWithScopeEnd,
  CORRUPT,
  documentEnd,
  stringEnd,
  textEnd,
  valueEnd,
} from '../transcode/bson-layout.js';
import { scalarTypedText, textOf, type BsonBytes } from './typed-text.js';

/** How the members of an open level are written. */
type Form = 'members' | 'pairs' | 'elements';

interface Level {
  readonly form: Form;
  /** Where its final NUL stands. */
  readonly end: number;
  readonly close: string;
  at: number;
  isFirst: boolean;
}

/**
 * The typed text of any value. Documents keep the order of their keys: `{"a":…}`, or `{"$document":[["a",…],…]}` where
 * a JSON object would be read as something else or in another order. Levels live in a list, so depth is no danger.
 */
export function typedText(source: BsonBytes, type: number, at: number, limit: number): string | null {
  const parts: string[] = [];
  const levels: Level[] = [];
  if (!append(source, { type, at, limit, isTop: true }, parts, levels)) return null;
  while (levels.length > 0) {
    const level = levels.at(-1)!;
    if (level.at === level.end) {
      parts.push(level.close);
      levels.pop();
      continue;
    }
    const elementType = source.bytes[level.at]!;
    const nameEnd = textEnd(source.bytes, level.at + 1, level.end);
    if (nameEnd === CORRUPT) return null;
    // What is corrupt is so for `append` as well.
    const next = valueEnd(source.bytes, source.view, elementType, nameEnd + 1, level.end);
    if (!level.isFirst) parts.push(',');
    if (level.form === 'members') parts.push(textOf(source, level.at + 1, nameEnd), ':');
    else if (level.form === 'pairs') parts.push('[', textOf(source, level.at + 1, nameEnd), ',');
    const isPair = level.form === 'pairs';
    level.isFirst = false;
    level.at = next;
    const value = { type: elementType, at: nameEnd + 1, limit: next, isTop: false, suffix: isPair ? ']' : '' };
    if (!append(source, value, parts, levels)) return null;
  }
  return parts.join('');
}

interface Value {
  readonly type: number;
  readonly at: number;
  readonly limit: number;
  readonly isTop: boolean;
  /** What comes behind the value. */
  readonly suffix?: string;
}

/** Appends a scalar's text, or opens the level of an object or array. */
function append(source: BsonBytes, value: Value, parts: string[], levels: Level[]): boolean {
  const { type, at, limit, isTop, suffix = '' } = value;
  if (type === BSON.codeWithScope) {
    if (codeWithScopeEnd(source.view, at, limit) === CORRUPT) return false;
    const scope = stringEnd(source.view, at + 4, limit);
    parts.push('{"$code":', textOf(source, at + 8, scope - 1), ',"$scope":');
    return openDocument(source, { at: scope, limit, suffix: `}${suffix}` }, parts, levels);
  }
  if (type === BSON.document) return openDocument(source, { at, limit, suffix }, parts, levels);
  if (type === BSON.array) {
    const end = documentEnd(source.view, at, limit);
    if (end === CORRUPT) return false;
    parts.push(isTop ? '{"$array":[' : '[');
    levels.push({ form: 'elements', at: at + 4, end: end - 1, close: (isTop ? ']}' : ']') + suffix, isFirst: true });
    return true;
  }
  const text = scalarTypedText(source, type, at, limit);
  if (text === null) return false;
  parts.push(text, suffix);
  return true;
}

function openDocument(
  source: BsonBytes,
  { at, limit, suffix }: { readonly at: number; readonly limit: number; readonly suffix: string },
  parts: string[],
  levels: Level[],
): boolean {
  const end = documentEnd(source.view, at, limit);
  const names = end === CORRUPT ? null : namesOf(source, at, end - 1);
  if (names === null) return false;
  const isPlain = names.every((name, i) => isPlainName(name, i)) && new Set(names.map(String)).size === names.length;
  parts.push(isPlain ? '{' : '{"$document":[');
  const close = (isPlain ? '}' : ']}') + suffix;
  levels.push({ form: isPlain ? 'members' : 'pairs', at: at + 4, end: end - 1, close, isFirst: true });
  return true;
}

function namesOf({ bytes, view }: BsonBytes, start: number, end: number): Buffer[] | null {
  const names: Buffer[] = [];
  let at = start + 4;
  while (at < end) {
    const nameEnd = textEnd(bytes, at + 1, end);
    if (nameEnd === CORRUPT) return null;
    names.push(bytes.subarray(at + 1, nameEnd));
    at = valueEnd(bytes, view, bytes[at]!, nameEnd + 1, end);
    if (at === CORRUPT) return null;
  }
  return names;
}

/** False for names that JSON objects reorder or that our own tags begin with. */
function isPlainName(name: Buffer, index: number): boolean {
  if (!isUtf8(name)) return false;
  return !(index === 0 && name[0] === 0x24) && !/^\d+$/u.test(name.toString('latin1'));
}
