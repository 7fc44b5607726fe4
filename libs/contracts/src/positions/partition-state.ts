import type { GenerationRules } from './generation.js';
import type { SeqNoMarks, ShardHistories } from '../ports/sink-port.js';
import type { KeyRange } from '../ports/source-port.js';
import type { Condition, ObservedState } from '../connectors/connector-state.js';
import type { JobCounters } from '../jobs/job.js';

export interface PartitionKey {
  readonly connectorId: string;
  /** Filling of the targets, from 1. */
  readonly generation: number;
  /** Ordinal of the partition within the generation, from 0: the lead, which the others go by. */
  readonly partition: number;
}

/** Who works on a partition. Valid while that worker's heartbeat moves and the epoch is the stored one. */
export interface LeaseHolder {
  readonly workerId: string;
  /** Random per process start: a restarted worker is a new holder. */
  readonly incarnation: string;
  /** When its process started, ISO 8601, UTC: one that was fenced goes on under another incarnation, and is not dead. */
  readonly startedAt?: string;
}

/** Workers that died while they held a partition, one after the other. */
export interface HolderDeaths {
  readonly count: number;
  /** When the last of them was found out, ISO 8601, UTC, by the clock of whoever did. */
  readonly lastAt: string;
}

/** A durable position: everything before it is acknowledged by Elasticsearch. */
export interface StoredPosition {
  /** The lower bound of every read of a turn, as `<seconds>.<increment>`; never lowered. */
  readonly h: string;
  /** The resume token as base64 of its BSON document; null until the first acknowledged batch. */
  readonly token: string | null;
  /** Whether the stream continues with `startAfter` (after an invalidate) instead of `resumeAfter`. */
  readonly startAfter: boolean;
  /**
   * Cluster time of the newest change of a document that is acknowledged, as `h`; absent until there is one. A source
   * that has forgotten it is not the one that it was.
   */
  readonly newestChange?: string;
}

/** What the checkpoint was made with. */
export interface PartitionIdentity {
  /** Replica-set id or cluster id of the source. */
  readonly clusterId: string;
  /** Stays as it is whatever becomes of the connector's definition: a change of it needs a resync. */
  readonly rules: GenerationRules;
  /** In the lead: nothing has been read by the rules yet, so that a changed definition takes their place. */
  readonly isTentative?: boolean;
}

/** Where the scan of one binding stands. */
export interface BindingScan {
  /** Base64 BSON of `{_id: <last read>}`; null before the first page. */
  readonly cursor: string | null;
  /**
   * Base64 BSON of the largest `{_id}` when the scan began: what came behind it since is the stream's, so that a
   * scan ends however fast documents are added.
   */
  readonly upTo: string | null;
  /** The first scan of this target: until it is done the index is incomplete. */
  readonly isInitial: boolean;
  readonly isScanned: boolean;
  readonly isSwept: boolean;
  readonly scannedCount: number;
  readonly estimatedTotal: number | null;
  /** The connector wants the documents of a dropped collection removed: the brake does not ask. */
  readonly isRemovalWanted?: boolean;
  /** What the binding was suspended for until this scan took it up: it is so again when the scan is canceled. */
  readonly endsSuspension?: BindingSuspension;
  /** Highest `_seq_no` per shard before the scan began; null where there is nothing to sweep. */
  readonly seqNoMarks: SeqNoMarks | null;
}

/** Why a binding is not followed: its target is kept as it is. */
export interface BindingSuspension {
  /** `unlisted`: the connector's collections do not name it any more. */
  readonly operation: 'drop' | 'rename' | 'dropDatabase' | 'invalidate' | 'recreated' | 'unlisted';
  /** ISO 8601, UTC. */
  readonly since: string;
  /** The change stream has told of it; else it was found out by looking at the collections. */
  readonly isTold?: boolean;
  /** An operator has canceled what was to take it up: it waits for a resync, whatever the connector's policy is. */
  readonly isKept?: boolean;
}

/** One binding as the partition follows it. */
export interface BindingState {
  readonly collection: string;
  readonly index: string;
  /** UUID of the collection, lower-case hex; null while it is unknown. */
  readonly collectionUuid: string | null;
  readonly indexUuid: string | null;
  /** Of the index when the binding began, and of shards that were seen since; absent in documents of older versions. */
  readonly histories?: ShardHistories;
  /** In the lead: where the collection is divided, ascending keys as of `splitKeys`; absent where it is not. */
  readonly splits?: readonly string[];
  /** What of the collection this partition follows; absent when that is all of it. */
  readonly range?: KeyRange;
  /** Number of the scan that was begun last, as the lead counts them; absent is 1. */
  readonly scanNumber?: number;
  /** Null when no scan is due. */
  readonly scan: BindingScan | null;
  /** Set when the collection was dropped, renamed or recreated: its changes are not applied until a resync. */
  readonly suspension: BindingSuspension | null;
}

/** The binding of a collection; undefined where there is none, also for names like `constructor`. */
export function bindingIn(
  { bindings }: Pick<PartitionState, 'bindings'>,
  collection: string,
): BindingState | undefined {
  return Object.hasOwn(bindings, collection) ? bindings[collection] : undefined;
}

/** What a partition has done for one job, up to its stored position: what is done again after a crash counts once. */
export interface JobFigures {
  readonly counters: JobCounters;
  /** Changes of the stream that were applied. */
  readonly changes: number;
}

/**
 * The one document of a partition: lease, epoch and checkpoint. Written by its lease holder alone; while there is none,
 * an operator may set the position.
 */
export interface PartitionState extends PartitionKey {
  /** Version of this shape. */
  readonly schema: 1;
  readonly lease: LeaseHolder | null;
  /** Fencing token: grows by one at every claim. */
  readonly epoch: number;
  /**
   * Grows with every takeover, absent without one; at least the epoch of the last. Late requests of holders before it are
   * refused by the target.
   */
  readonly fence?: number;
  /** Absent without one, and once a holder has outlived its trial: see `LOCKSTEP_QUARANTINE_TRIAL_MS`. */
  readonly deaths?: HolderDeaths;
  /** In the lead: how many partitions the generation has; absent is 1. */
  readonly partitionCount?: number;
  /** Largest number of a scan that was ever begun; absent is 1. */
  readonly scanCount?: number;
  /** How often the lead has forgotten its position; the others forget theirs with it. Absent is 0. */
  readonly restarts?: number;
  /** In the lead: the cluster time that the others are to reach and save; null when nothing waits for them. */
  readonly awaits?: string | null;
  /** In the others: how far the index is behind the source in their part, milliseconds; null while it is unknown. */
  readonly lagMs?: number | null;
  readonly identity: PartitionIdentity | null;
  readonly position: StoredPosition | null;
  /** By collection name. */
  readonly bindings: Readonly<Record<string, BindingState>>;
  /** The bulk sync that the scans belong to; null when none is due. */
  readonly bulkJobId: string | null;
  readonly streamJobId: string | null;
  /** By id of the jobs that are named; absent in documents of older versions. */
  readonly counters?: Readonly<Record<string, JobFigures>>;
  readonly observedState: ObservedState;
  readonly conditions: readonly Condition[];
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}
