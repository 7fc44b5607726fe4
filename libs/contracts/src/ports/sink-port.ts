import type { Binding } from '../connectors/binding.js';
import type { Condition } from '../connectors/connector-state.js';
import type { DocumentBatch, FieldType, FieldTypeCount } from '../events/document-batch.js';

export interface EnsureTargetOptions {
  readonly binding: Binding;
  readonly generation: number;
  /**
   * Grows with every takeover of the lease. The write alias is named after it, so that what a former holder sent and
   * what arrives late is refused by Elasticsearch. @defaultValue 0
   */
  readonly fence?: number;
  /** Searches go to the generation: its target has the read alias, unless that leads to another index of ours. */
  readonly isServing: boolean;
  readonly signal: AbortSignal;
}

/** A target that is ours and ready to be written. */
export interface Target {
  readonly binding: Binding;
  /** The concrete index, e.g. `orders-000001`. */
  readonly index: string;
  /** The private alias that every bulk of this holder goes to, with `require_alias=true`. */
  readonly writeAlias: string;
  readonly indexUuid: string;
}

/** A target that was made, or that was there and was looked into. */
export interface EnsuredTarget extends Target {
  /** False when the target already held documents. */
  readonly isEmpty: boolean;
}

/**
 * The history of each primary shard of an index, by shard number. A shard gets a new one when it is restored from a
 * snapshot, or when a copy that lacks writes becomes the primary by force: what was acknowledged before may be missing.
 */
export type ShardHistories = Readonly<Record<string, string>>;

/** Highest `_seq_no` of each primary shard at some time, by shard number. */
export type SeqNoMarks = Readonly<Record<string, number>>;

/** States to write to one target with one version. */
export interface TargetWrite {
  readonly target: Target;
  readonly version: bigint;
  readonly batch: DocumentBatch;
}

/** What became of the items; every item is counted in exactly one of the first four. */
export interface WriteResult {
  readonly indexed: number;
  readonly deleted: number;
  /** 409: a newer version is there already. Success. */
  readonly conflicts: number;
  readonly deadLettered: number;
  readonly retried: number;
}

export interface WriteOptions {
  readonly writes: readonly TargetWrite[];
  readonly signal: AbortSignal;
  /** Called when writing has to wait (blocks, overload, refused credentials) and with null when it goes on. */
  readonly onCondition: (condition: Condition | null) => void;
  /**
   * The documents are written because of what was found about them, not because they were read: by a retry of dead
   * letters, or by a sweep. Refusals are expected, so the error monitor does not count them, and the dead letter of
   * every document that is taken is looked up.
   * @defaultValue false
   */
  readonly isRepair?: boolean;
  /**
   * The `_id`s that are kept of hashed ids stay, also those of documents that are removed: another partition may be
   * writing the document anew. @defaultValue false
   */
  readonly keepsOriginalIds?: boolean;
}

/** A document with an open dead letter. */
export interface RefusedId {
  readonly documentId: string;
  /** The `_id` as typed text. */
  readonly originalId: string;
}

export interface WalkOptions {
  readonly target: Target;
  /** Only documents whose `_seq_no` is at most the mark of their shard; null walks all. */
  readonly seqNoMarks: SeqNoMarks | null;
  readonly pageSize: number;
  readonly signal: AbortSignal;
}

export interface ServeOptions {
  readonly signal: AbortSignal;
  /**
   * Asked after it was read where the aliases lead, and that none leads to something foreign: with false, none is moved.
   * What moves one after it was read is noticed, and then it is asked again; so whoever says true by what was stored by
   * then moves nothing of a later holder.
   * @defaultValue always true
   */
  readonly isDue?: () => Promise<boolean>;
}

/** One connector's sink. */
export interface SinkPort {
  /**
   * Checks reachability and credentials.
   * @throws LockstepError SINK_UNREACHABLE, SINK_AUTH_FAILED, SINK_PERMISSION_MISSING
   */
  check(signal: AbortSignal): Promise<void>;
  /**
   * Creates the index and its aliases, or finds them again.
   * @throws LockstepError JOB_LEASE_LOST when a later holder has the target, SINK_TARGET_FOREIGN, SINK_TARGET_INVALID, SINK_SHARD_LIMIT_REACHED, SINK_AUTH_FAILED,
   * SINK_UNREACHABLE
   */
  ensureTarget(options: EnsureTargetOptions): Promise<EnsuredTarget>;
  /**
   * Finds a target that was made before; never creates it.
   * @throws LockstepError JOB_LEASE_LOST when a later holder has the target, SINK_TARGET_MISSING, SINK_TARGET_FOREIGN
   */
  findTarget(options: EnsureTargetOptions): Promise<Target>;
  /** The largest fence that has written to the target, from the names of its write aliases; 0 where there is none. */
  latestFence(options: Omit<EnsureTargetOptions, 'fence'>): Promise<number>;
  /** Puts mappings for fields whose BSON type is known; conflicts are left to the documents. */
  mapFields(target: Target, fields: readonly FieldType[], signal: AbortSignal): Promise<void>;
  /**
   * Puts mappings for the fields of a sample, before the first document is written: numbers of several types are
   * one family, and of several kinds of values the most frequent one is mapped (docs/documents.md). What the index
   * has already stays as it is.
   */
  mapSample(target: Target, fields: readonly FieldTypeCount[], signal: AbortSignal): Promise<void>;
  /**
   * Writes every item until it is terminal: taken, found newer, or kept as a dead letter. Waits through
   * everything that passes by itself.
   * @throws LockstepError SINK_TARGET_MISSING, SINK_ERROR_MONITOR_TRIPPED, JOB_ABORTED
   */
  write(options: WriteOptions): Promise<WriteResult>;
  /** Settings for loading (refresh policy). Undone by `endLoad`, also after a crash. */
  beginLoad(target: Target, signal: AbortSignal): Promise<void>;
  endLoad(target: Target, signal: AbortSignal): Promise<void>;
  refresh(target: Target, signal: AbortSignal): Promise<void>;
  count(target: Target, signal: AbortSignal): Promise<number>;
  /** Highest `_seq_no` of each shard right now. @throws LockstepError SINK_REQUEST_FAILED while one is not there */
  seqNoMarks(target: Target, signal: AbortSignal): Promise<SeqNoMarks>;
  /**
   * The histories of the shards, by index. Absent: indices and shards of which nothing can be told now, or never
   * because the credentials may not see it.
   */
  histories(targets: readonly Target[], signal: AbortSignal): Promise<ReadonlyMap<string, ShardHistories>>;
  /**
   * Indices that acknowledge what a crash of Elasticsearch would lose (`index.translog.durability: async`). One that
   * cannot be asked now is none of them.
   */
  forgetful(targets: readonly Target[], signal: AbortSignal): Promise<readonly string[]>;
  /** Ids of the documents in the target, page by page, in bounded memory. */
  walkIds(options: WalkOptions): AsyncIterable<readonly string[]>;
  /**
   * Documents of the target's generation that have an open dead letter, page by page.
   * @throws LockstepError SINK_TARGET_MISSING, SINK_REQUEST_FAILED
   */
  walkRefused(target: Target, signal: AbortSignal): AsyncIterable<readonly RefusedId[]>;
  /** Whether some document of the target's generation had an open dead letter when the target was found. */
  hasRefused(target: Target, signal: AbortSignal): Promise<boolean>;
  /**
   * Refuses what other partitions still have on its way to the target: the write aliases that they had end. Each makes
   * one of its own again when it finds the target.
   * @throws LockstepError SINK_TARGET_MISSING
   */
  closeToOthers(target: Target, signal: AbortSignal): Promise<void>;
  /**
   * The BSON elements of `_id`s that were kept when documents with hashed ids were written, by hashed id. Absent: ids
   * that are no hashes, and those of which nothing was kept.
   */
  originalIds(target: Target, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Buffer>>;
  /** Documents that searches by the binding's read alias see; 0 while it leads nowhere. */
  countServed(binding: Binding, signal: AbortSignal): Promise<number>;
  /** Those of the targets whose read alias leads to another index of the connector. */
  servedElsewhere(targets: readonly Target[], signal: AbortSignal): Promise<readonly Target[]>;
  /**
   * Lets the read aliases of the bindings lead to these targets and to no other index of the connector, all in one
   * step. Can be repeated.
   * @param withdrawn bindings whose read aliases end in the same step
   * @throws LockstepError SINK_TARGET_FOREIGN when an alias leads to something that is not the connector's
   */
  serve(targets: readonly Target[], withdrawn: readonly Binding[], options: ServeOptions): Promise<void>;
  /**
   * Deletes the indices of one generation of the connector; can be repeated.
   * @returns their names
   * @throws LockstepError JOB_STATE_CONFLICT when a read alias leads to one of them
   */
  deleteGeneration(generation: number, signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}
