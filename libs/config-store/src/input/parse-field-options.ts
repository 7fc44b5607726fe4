import type { FieldOptions, StringMapping } from '@lockstep/contracts';
import { pointerTo } from './findings.js';
import { InputObject, isRecord } from './input-object.js';

export const STRING_MAPPINGS: readonly StringMapping[] = ['both', 'keyword', 'text', 'none'];

/** Each one is a dynamic template or a field of the index. */
const MAX_PATHS = 100;
const MAX_PATH_LENGTH = 1_000;
/** Elasticsearch's `index.mapping.depth.limit`. */
const MAX_STEPS = 20;

/** Checks `sink.fields`: how single fields are mapped, by dotted path. */
export function parseFieldOptions(sink: InputObject): Readonly<Record<string, FieldOptions>> | undefined {
  const value = sink.raw('fields');
  if (value === undefined) return undefined;
  if (!isRecord(value) || Object.keys(value).length > MAX_PATHS) {
    sink.add('fields', `must be an object with at most ${String(MAX_PATHS)} paths`);
    return undefined;
  }
  const pointer = sink.at('fields');
  const flattened = Object.keys(value).filter((path) => isFlattened(value[path]));
  const options: [string, FieldOptions][] = [];
  for (const [path, given] of Object.entries(value)) {
    const at = pointerTo(pointer, path);
    const problem = pathProblem(path, flattened);
    if (problem !== null) sink.findings.add(at, problem);
    const field = InputObject.read(given, ['strings', 'type'], { pointer: at, findings: sink.findings });
    if (field !== undefined) options.push([path, readOptions(field)]);
  }
  // Defines properties, so that `__proto__` is a path like any other.
  return Object.fromEntries(options);
}

function readOptions(field: InputObject): FieldOptions {
  const strings = field.optionalChoice('strings', STRING_MAPPINGS);
  const type = field.optionalChoice('type', ['flattened']);
  if ((field.raw('strings') === undefined) === (field.raw('type') === undefined)) {
    field.findings.add(field.pointer, 'must have either strings or type');
  }
  return { ...(strings === undefined ? {} : { strings }), ...(type === undefined ? {} : { type }) };
}

function pathProblem(path: string, flattened: readonly string[]): string | null {
  const steps = path.split('.');
  if (path.length > MAX_PATH_LENGTH || steps.length > MAX_STEPS) {
    return `must have at most ${String(MAX_PATH_LENGTH)} characters and ${String(MAX_STEPS)} steps`;
  }
  if (steps.some((step) => step.trim() === '' || step.includes('\0') || step.includes('*'))) {
    return 'must be a dotted path without empty steps and without *';
  }
  return flattened.some((other) => path.startsWith(`${other}.`)) ? 'lies within a flattened field' : null;
}

function isFlattened(value: unknown): boolean {
  return isRecord(value) && value.type === 'flattened';
}
