import type { Document } from 'mongodb';
import { andFilter } from '../query/and-filter.js';
import type { SourceQuery } from '../query/source-query.js';

/** One command of a sample, without its batch size, and how many documents it brings at most. */
export interface SamplePart {
  readonly kind: 'all' | 'first' | 'anywhere' | 'last';
  readonly command: Document;
  readonly documents: number;
}

export interface SamplePartsInput {
  readonly collection: string;
  /** `hint: {_id: 1}` is possible. */
  readonly hasIdIndex: boolean;
  readonly query: SourceQuery;
  /** What the collection's metadata says; null where it says nothing. */
  readonly documentCount: number | null;
}

/** Documents of a sample: enough to see a kind that one in a hundred has, little enough to be read at once. */
const SAMPLE_DOCS = 1_000;
const END_DOCS = 300;
const ANYWHERE_DOCS = SAMPLE_DOCS - 2 * END_DOCS;
/** From this share of a collection on, `$sample` reads all of it and sorts (MongoDB manual, $sample, Behavior). */
const WALKED_SHARE = 0.05;
/** What one command may take the server, milliseconds. */
const PART_MS = 1_000;

/**
 * What is read for a sample: all of a small collection; of a large one both ends of the `_id` order – documents of
 * one time often look alike – and some from anywhere between, found through a random cursor instead of a walk.
 *
 * `$sample` comes before the filter: behind it, it would read all that matches.
 */
export function sampleParts(input: SamplePartsInput): SamplePart[] {
  const { documentCount } = input;
  if (documentCount !== null && documentCount <= SAMPLE_DOCS) {
    return [{ kind: 'all', command: endCommand(input, 1, SAMPLE_DOCS), documents: SAMPLE_DOCS }];
  }
  const anywhere = Math.min(ANYWHERE_DOCS, Math.ceil((documentCount ?? 0) * WALKED_SHARE) - 1);
  return [
    { kind: 'first', command: endCommand(input, 1, END_DOCS), documents: END_DOCS },
    ...(anywhere > 0
      ? [{ kind: 'anywhere', command: anywhereCommand(input, anywhere), documents: anywhere } as const]
      : []),
    { kind: 'last', command: endCommand(input, -1, END_DOCS), documents: END_DOCS },
  ];
}

function endCommand({ collection, hasIdIndex, query }: SamplePartsInput, direction: 1 | -1, limit: number): Document {
  return {
    find: collection,
    filter: andFilter(query.filter),
    ...(query.projection === null ? {} : { projection: query.projection }),
    // Without an index of its own the order would have to be made from the whole collection.
    ...(hasIdIndex ? { sort: { _id: direction }, hint: { _id: 1 } } : {}),
    limit,
    maxTimeMS: PART_MS,
    readConcern: { level: 'majority' },
  };
}

function anywhereCommand({ collection, query }: SamplePartsInput, size: number): Document {
  return {
    aggregate: collection,
    pipeline: [
      { $sample: { size } },
      ...(query.filter === null ? [] : [{ $match: query.filter }]),
      ...(query.projection === null ? [] : [{ $project: query.projection }]),
    ],
    maxTimeMS: PART_MS,
    readConcern: { level: 'majority' },
  };
}
