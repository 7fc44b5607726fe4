import type { Document } from 'mongodb';
import type { ClusterTime } from '@lockstep/core';
import { rawEntry } from '../bson/raw-value.js';
import type { CollectionTraits } from '../identity/collection-traits.js';
import { andFilter } from '../query/and-filter.js';
import { majorityReadConcern } from '../query/majority-read-concern.js';
import type { SourceQuery } from '../query/source-query.js';
import type { ScanBounds } from './scan-bounds.js';

export interface ScanCommandInput {
  readonly collection: string;
  readonly traits: CollectionTraits;
  readonly bounds: ScanBounds;
  readonly atLeast: ClusterTime;
  readonly batchSize: number;
  readonly query: SourceQuery;
}

/**
 * The `find` that reads on in `_id` order across BSON types.
 *
 * `$expr`/`$gt`/`$literal` has index bounds `(x, MaxKey]`, where a plain `$gt` would stay within the type of
 * x. No collation is named: the collection's own is the order of its `_id` index, in which `_id`s are unique;
 * any other one would sort the whole collection for every page. A clustered collection takes its lower bound
 * from `min`, as the planner does not use `$expr` there. A view has no index of its own to be named.
 */
export function scanCommand(input: ScanCommandInput): Document {
  const { traits, bounds, query } = input;
  return {
    find: input.collection,
    filter: andFilter(...bounds.filters, query.filter),
    ...(query.projection === null ? {} : { projection: query.projection }),
    sort: { _id: 1 },
    ...(traits.hasIdIndex ? { hint: { _id: 1 } } : { allowDiskUse: true }),
    ...(traits.isClustered && bounds.lowest !== null ? { min: idBound(bounds.lowest) } : {}),
    batchSize: input.batchSize,
    readConcern: majorityReadConcern(input.atLeast),
  };
}

function idBound(element: Buffer): Document {
  return rawEntry('_id', element[0] ?? 0, element.subarray(5));
}
