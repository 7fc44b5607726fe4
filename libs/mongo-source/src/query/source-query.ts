import { BSON, type Document } from 'mongodb';
import { LockstepError } from '@lockstep/core';
import type { FieldSelection } from '@lockstep/contracts';

/** What a connector reads of a collection; the same in scans and look-ups, or documents would come and go. */
export interface SourceQuery {
  readonly filter: Document | null;
  readonly projection: Document | null;
}

export interface SourceQueryInput {
  /** A MongoDB filter in relaxed Extended JSON. */
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly fields?: FieldSelection;
}

/** @throws LockstepError SOURCE_QUERY_INVALID when the filter is not valid Extended JSON */
export function sourceQuery(input: SourceQueryInput): SourceQuery {
  return { filter: parseFilter(input.filter), projection: projectionOf(input.fields) };
}

function parseFilter(filter: SourceQueryInput['filter']): Document | null {
  if (filter === undefined || Object.keys(filter).length === 0) return null;
  try {
    // Not relaxed: an int64 beyond 2^53 keeps every digit.
    return BSON.EJSON.deserialize(withRegexValues(filter) as Document, { relaxed: false }) as Document;
  } catch (error) {
    throw new LockstepError('SOURCE_QUERY_INVALID', 'reading the filter: it is not valid Extended JSON', {
      cause: error,
    });
  }
}

/**
 * The filter with the text of each `$regex` operator as a value of its own: Extended JSON takes an object with such a text
 * for a regular expression as a whole, and forgets the operators beside it.
 */
function withRegexValues(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRegexValues);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const isText = Object.hasOwn(value, '$regex') && typeof (value as { $regex: unknown }).$regex === 'string';
  const { $regex: pattern, $options: options = '' } = value as {
    readonly $regex?: unknown;
    readonly $options?: unknown;
  };
  return Object.fromEntries(
    members
      .filter(([name]) => !isText || name !== '$options')
      .map(([name, member]) => {
        if (isText && name === '$regex') return [name, { $regularExpression: { pattern, options } }];
        return [name, withRegexValues(member)];
      }),
  );
}

/** The `_id` is always read; a path below another one of the list is left out, the server refuses such pairs. */
function projectionOf(fields: FieldSelection | undefined): Document | null {
  const include = outermost(fields?.include ?? []);
  if (include.length > 0) return { _id: 1, ...Object.fromEntries(include.map((path) => [path, 1])) };
  const exclude = outermost(fields?.exclude ?? []);
  return exclude.length > 0 ? Object.fromEntries(exclude.map((path) => [path, 0])) : null;
}

function outermost(paths: readonly string[]): string[] {
  const wanted = [...new Set(paths)].filter((path) => path !== '_id' && !path.startsWith('_id.'));
  return wanted.filter((path) => !wanted.some((other) => path !== other && path.startsWith(`${other}.`)));
}
