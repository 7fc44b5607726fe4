import { Timestamp, type Document } from 'mongodb';
import type { OpenStreamOptions, StreamStart } from '@lockstep/contracts';
import { rawEntry } from '../bson/raw-value.js';
import { rangeFilters } from '../query/key-bounds.js';
import { decodeResumeToken } from './resume-token.js';

/** What the server can do; found out by trying. */
export interface StreamFeatures {
  /** `showExpandedEvents`, 6.0+: brings `collectionUUID`. */
  readonly hasExpandedEvents: boolean;
  /** `$changeStreamSplitLargeEvent`, 6.0.9+ and 7.0+. */
  readonly hasSplitEvents: boolean;
}

const EMBEDDED_DOCUMENT = 0x03;
/** Events that concern everything, whatever collection they name. */
const NAMESPACE_OPERATIONS = ['drop', 'rename', 'dropDatabase', 'invalidate'];

/**
 * The pipeline of a change stream on a database, reduced to keys. A rename onto one of our names is found by
 * `to.coll`. Events without a key pass whatever range is followed. Images are never asked for: `updateLookup` can be older or newer than its event.
 * @throws LockstepError SOURCE_POSITION_INVALID
 */
export function streamPipeline(
  { collections, ranges = {}, start }: Omit<OpenStreamOptions, 'signal'>,
  features: StreamFeatures,
): Document[] {
  const followed = { $in: [...collections] };
  const whole = collections.filter((name) => !Object.hasOwn(ranges, name));
  const parts = Object.entries(ranges).map(([name, range]) => ({
    $and: [{ 'ns.coll': name }, ...rangeFilters(range, 'documentKey._id')],
  }));
  return [
    { $changeStream: { ...startOption(start), ...(features.hasExpandedEvents ? { showExpandedEvents: true } : {}) } },
    {
      $match: {
        $or: [
          { 'ns.coll': { $in: whole } },
          ...parts,
          { 'to.coll': followed },
          { operationType: { $in: NAMESPACE_OPERATIONS } },
        ],
      },
    },
    {
      $project: {
        _id: 1,
        operationType: 1,
        clusterTime: 1,
        'documentKey._id': 1,
        'ns.coll': 1,
        to: 1,
        ...(features.hasExpandedEvents ? { collectionUUID: 1 } : {}),
      },
    },
    ...(features.hasSplitEvents ? [{ $changeStreamSplitLargeEvent: {} }] : []),
  ];
}

function startOption(start: StreamStart): Document {
  switch (start.kind) {
    case 'at':
      return { startAtOperationTime: new Timestamp(start.time) };
    case 'resumeAfter':
    case 'startAfter':
      return rawEntry(start.kind, EMBEDDED_DOCUMENT, decodeResumeToken(start.token));
  }
}
