import { LockstepError } from '@lockstep/core';
import { indexNameProblem, indexTextProblem } from './index-name.js';

type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: 'database' | 'collection' };

export type TemplateResult =
  { readonly ok: true; readonly parts: readonly TemplatePart[] } | { readonly ok: false; readonly problem: string };

const refuse = (problem: string): TemplateResult => ({ ok: false, problem });

/** Takes a `sink.index` template apart and checks its literal text. */
export function parseIndexTemplate(template: string): TemplateResult {
  const parts: TemplatePart[] = [];
  for (const piece of template.split(/(\{[^{}]*\})/).filter((text) => text !== '')) {
    const placeholder = /^\{(.*)\}$/s.exec(piece)?.[1];
    if (placeholder === 'database' || placeholder === 'collection') {
      parts.push({ kind: 'name', name: placeholder });
    } else if (placeholder !== undefined) {
      return refuse('has an unknown placeholder; there are {database} and {collection}');
    } else {
      const problem = indexTextProblem(piece);
      if (problem !== null) return refuse(problem);
      parts.push({ kind: 'text', text: piece });
    }
  }
  const first = parts[0];
  if (first === undefined) return refuse('is empty');
  const problem = first.kind === 'text' ? indexNameProblem(first.text) : null;
  return problem === null ? { ok: true, parts } : refuse(problem);
}

const escapeByte = (byte: number): string => `~${byte.toString(16).padStart(2, '0')}`;

/**
 * Lower-case letters, digits, `_`, `-` and `.` stay; every other byte becomes `~` and two hex digits, upper-case
 * letters and `~` too: two names never meet. At the start of an index name `_`, `-` and `.` are not allowed either.
 */
function encodeName(name: string, isAtStart: boolean): string {
  let text = '';
  for (const [i, byte] of Buffer.from(name, 'utf8').entries()) {
    const char = String.fromCharCode(byte);
    const isAllowed = /[a-z0-9]/.test(char) || (/[_.-]/.test(char) && !(isAtStart && i === 0));
    text += isAllowed ? char : escapeByte(byte);
  }
  return text;
}

/**
 * What `sink.index` resolves to for one namespace. Different collections of one database never resolve to one index
 * where the template has `{collection}`.
 * @throws LockstepError SINK_TARGET_INVALID when the template is not valid, or the name gets longer than 224 bytes
 */
export function resolveIndexName(template: string, database: string, collection: string): string {
  const result = parseIndexTemplate(template);
  if (!result.ok) throw new LockstepError('SINK_TARGET_INVALID', `sink.index ${result.problem}`);
  let name = '';
  for (const part of result.parts) {
    if (part.kind === 'text') name += part.text;
    else name += encodeName(part.name === 'database' ? database : collection, name === '');
  }
  const problem = indexNameProblem(name);
  if (problem === null) return name;
  throw new LockstepError('SINK_TARGET_INVALID', `the index name for ${database}.${collection} ${problem}`);
}
