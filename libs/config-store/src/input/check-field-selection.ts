import type { FieldSelection } from '@lockstep/contracts';
import { pointerTo } from './findings.js';
import type { InputObject } from './input-object.js';

const MAX_PATHS = 1_000;
const MAX_PATH_LENGTH = 1_000;

function pathProblem(path: string, list: 'include' | 'exclude', all: readonly string[]): string | null {
  const steps = path.split('.');
  if (steps.some((step) => step === '' || step.startsWith('$') || step.includes('\0'))) {
    return 'must be a dotted path without empty steps and without $';
  }
  if (steps[0] === '_id' && (list === 'exclude' || steps.length > 1))
    return 'names _id, which is always copied, as a whole';
  return all.some((other) => other.startsWith(`${path}.`)) ? 'holds another path of the list' : null;
}

/** Checks `source.fields`: one list of dotted paths that do not contain each other (MongoDB refuses those). */
export function checkFieldSelection(fields: InputObject): FieldSelection | undefined {
  const lists = (['include', 'exclude'] as const).filter((list) => fields.raw(list) !== undefined);
  if (lists.length !== 1 || lists[0] === undefined) {
    fields.findings.add(fields.pointer, 'must have either include or exclude');
    return undefined;
  }
  const [list] = lists;
  const paths = fields.textList(list, { maxItems: MAX_PATHS, maxLength: MAX_PATH_LENGTH });
  for (const [i, path] of (paths ?? []).entries()) {
    const problem = pathProblem(path, list, paths ?? []);
    if (problem !== null) fields.findings.add(pointerTo(fields.at(list), i), problem);
  }
  return paths === undefined ? undefined : { [list]: paths };
}
