import type { ClusterTime, ErrorCode } from '@lockstep/core';
import type { ChangeBatch, DocumentKey } from '../events/change-event.js';
import type { DocumentBatch, FieldTypeCount } from '../events/document-batch.js';

export interface SourceDescription {
  /** Stable id of the replica set or sharded cluster. */
  readonly clusterId: string;
  readonly serverVersion: string;
}

export interface CollectionInfo {
  readonly name: string;
  readonly type: 'collection' | 'view' | 'timeseries';
  /** Lower-case hex without dashes; null for views. */
  readonly uuid: string | null;
}

/** How far the source's change history reaches back, as of one look. */
export type OplogReading =
  | {
      readonly kind: 'known';
      /** The oldest entry: no earlier position can be resumed. */
      readonly oldest: ClusterTime;
      readonly newest: ClusterTime;
      /** Share of the space for history that is in use, above 0, at most 1: below 1 nothing is overwritten yet. */
      readonly fullness: number;
    }
  | { readonly kind: 'unreadable'; readonly code: 'SOURCE_OPLOG_UNREADABLE' };

/** Where a change stream begins. Tokens are base64 of their BSON document. */
export type StreamStart =
  | { readonly kind: 'at'; readonly time: ClusterTime }
  | { readonly kind: 'resumeAfter'; readonly token: string }
  | { readonly kind: 'startAfter'; readonly token: string };

export interface OpenStreamOptions {
  readonly collections: readonly string[];
  /** By collection: only changes of documents within it. Collections that are not named are followed whole. */
  readonly ranges?: Readonly<Record<string, KeyRange>>;
  readonly start: StreamStart;
  readonly signal: AbortSignal;
}

/** An open change stream, one reply at a time. Not for concurrent use. */
export interface ChangeStreamReader {
  /**
   * The next reply; waits up to `maxWaitMs` on the server when there is nothing, then returns an empty batch.
   * @throws LockstepError SOURCE_CURSOR_LOST, SOURCE_HISTORY_LOST, SOURCE_POSITION_INVALID,
   * SOURCE_UNREACHABLE, SOURCE_READ_FAILED, JOB_ABORTED
   */
  next(maxWaitMs: number, signal: AbortSignal): Promise<ChangeBatch>;
  /** Kills the cursor and ends its session; never throws. */
  close(): Promise<void>;
}

/** A part of a collection, in the server's order of `_id`s across BSON types. Bounds are base64 BSON of `{_id}`. */
export interface KeyRange {
  /** The smallest `_id` of the range; null where there is no lower bound. */
  readonly from: string | null;
  /** The smallest `_id` behind the range; null where there is no upper bound. */
  readonly below: string | null;
}

export interface LastKeyOptions {
  readonly collection: string;
  /** Only keys within it; the whole collection by default. */
  readonly range?: KeyRange;
  /** A majority read not older than this. */
  readonly atLeast: ClusterTime;
  readonly signal: AbortSignal;
}

export interface ScanOptions {
  readonly collection: string;
  /** Base64 BSON of `{_id}` after which to go on; null begins at the smallest `_id`. */
  readonly after: string | null;
  /** Base64 BSON of the last `{_id}` to read; null has no end but the collection's. */
  readonly upTo: string | null;
  /** Only documents within it; the whole collection by default. */
  readonly range?: KeyRange;
  /** Majority reads not older than this. */
  readonly atLeast: ClusterTime;
  readonly signal: AbortSignal;
}

/** One page of a scan. */
export interface ScanPage {
  readonly batch: DocumentBatch;
  /** Documents read from the source. */
  readonly readCount: number;
  /** The `after` of the next page; unchanged when the page is empty. */
  readonly cursor: string | null;
  readonly isLast: boolean;
}

export interface SplitOptions {
  readonly collection: string;
  /** Parts that are wished for, at least 2. */
  readonly parts: number;
  readonly signal: AbortSignal;
}

export interface LookUpOptions {
  readonly collection: string;
  readonly keys: readonly DocumentKey[];
  readonly atLeast: ClusterTime;
  readonly signal: AbortSignal;
}

export interface AbsenceOptions {
  readonly collection: string;
  /** Elasticsearch ids. */
  readonly ids: readonly string[];
  /** BSON elements of hashed ids, by id; one that does not encode to its id is not believed. @defaultValue none */
  readonly elements?: ReadonlyMap<string, Buffer>;
  readonly atLeast: ClusterTime;
  readonly signal: AbortSignal;
}

/** Which of the asked ids are not in the (filtered) collection. */
export interface AbsenceReport {
  readonly absent: readonly string[];
  /** Ids whose `_id` cannot be told: hashed ones without an element, or not made by us. */
  readonly undecodable: readonly string[];
  /** The `afterClusterTime` of the confirming read: versions of deletions are made from it. */
  readonly readTime: ClusterTime;
}

/** The kinds of values that some documents of a collection have. */
export interface CollectionSample {
  /** Documents that were looked at; 0 of an empty collection. */
  readonly documents: number;
  /** In the order in which they were met, the smallest `_id`s first. */
  readonly fields: readonly FieldTypeCount[];
  /** Why it is smaller than it could be; null when nothing was in the way. */
  readonly code: ErrorCode | null;
}

/** One connector's source. Every method is safe to call again after an error. */
export interface SourcePort {
  /**
   * Connects and checks what a sync needs.
   * @throws LockstepError SOURCE_UNREACHABLE, SOURCE_AUTH_FAILED, SOURCE_NOT_REPLICA_SET,
   * SOURCE_VERSION_UNSUPPORTED, SOURCE_MAJORITY_UNAVAILABLE, SOURCE_PERMISSION_MISSING
   */
  describe(signal: AbortSignal): Promise<SourceDescription>;
  listCollections(signal: AbortSignal): Promise<readonly CollectionInfo[]>;
  /** `operationTime` of a majority read made now: the H of the algorithm. */
  majorityTime(signal: AbortSignal): Promise<ClusterTime>;
  /** Time of the newest write that the primary has, confirmed by a majority or not; null where it does not say. */
  newestTime(signal: AbortSignal): Promise<ClusterTime | null>;
  /**
   * Whether the change history has a change of the database at this cluster time; null where it cannot be told, as the
   * history does not reach back so far or the source is slow.
   */
  hasChange(time: ClusterTime, signal: AbortSignal): Promise<boolean | null>;
  openStream(options: OpenStreamOptions): Promise<ChangeStreamReader>;
  /**
   * The largest `_id`, whether or not the filter takes its document, as base64 BSON of `{_id}`; null where there
   * is none. A scan that began not later than the read has to go up to it: whatever is larger came afterwards.
   */
  lastKey(options: LastKeyOptions): Promise<string | null>;
  /**
   * Keys that divide the collection into about equal parts, ascending, as base64 BSON of `{_id}`; at most
   * `parts` − 1. None where it is too small to be worth it, has a collation of its own, cannot be sampled, or has
   * `_id`s above 1 KiB only.
   * @throws LockstepError JOB_ABORTED, nothing else
   */
  splitKeys(options: SplitOptions): Promise<readonly string[]>;
  /** Reads the next page of about 2 MiB in `_id` order, across BSON types. */
  scan(options: ScanOptions): Promise<ScanPage>;
  /**
   * Current state of the keys: found and matching the filter → index, else → delete. Complete or an error. Comes
   * in batches of at most one server reply (16 MiB of BSON) each, so that memory is bounded whatever the size of
   * the documents; deletions stand in the last batch only. At least one batch, also of no key.
   */
  lookUp(options: LookUpOptions): AsyncIterable<DocumentBatch>;
  findAbsent(options: AbsenceOptions): Promise<AbsenceReport>;
  estimateCount(collection: string, signal: AbortSignal): Promise<number | null>;
  /**
   * Looks at up to 1 000 documents (about 16 MiB) that match the filter, from both ends of the `_id` order and
   * from anywhere between. Takes the server at most two seconds, whatever the size of the collection; what
   * cannot be read in that time, or at all, is left out.
   * @throws LockstepError JOB_ABORTED, nothing else
   */
  sampleFields(collection: string, signal: AbortSignal): Promise<CollectionSample>;
  /** How far the change history reaches back; never fails for want of a privilege. */
  readOplog(signal: AbortSignal): Promise<OplogReading>;
  close(): Promise<void>;
}
