import { initialPosition, type Position } from '../stream/position.js';
import {
  NOTHING,
  timeOf,
  type IndexEntry,
  type Letter,
  type LetterChange,
  type SourceChange,
  type Write,
} from './world.js';

/** What the engine keeps in memory, and what of it a crash brings back. */
export interface Durable {
  readonly position: Position;
  readonly isScanned: boolean;
  readonly isSwept: boolean;
}

/** A batch of the stream between reading it and its acknowledgement. */
export interface StreamBatch {
  readonly newestTick: number;
  readonly endTick: number;
  readonly stage: 'read' | 'sent';
}

/** One state of the whole world; plain data, so that states can be compared. */
export interface ModelState {
  readonly history: readonly SourceChange[];
  /** Ticks at which another document was changed: batches and versions reach up to them. */
  readonly otherChanges: readonly number[];
  readonly now: number;
  readonly durable: Durable;
  readonly memory: Durable & {
    readonly streamedTo: number | null;
    readonly mustReach: number | null;
    /** Nothing of this session is older; null until it begins. */
    readonly floor: number | null;
  };
  readonly batch: StreamBatch | null;
  readonly scanRead: { readonly lastRead: number; readonly isLastPage: boolean } | null;
  /** Scan turns over other documents that may still come before ours. */
  readonly otherPages: number;
  readonly inFlight: readonly Write[];
  /** Writes of a worker that is frozen: they arrive whenever they like. */
  readonly late: readonly Write[];
  /** Removals by the lead of the generation, which sweeps the parts of all partitions. */
  readonly removals: readonly Write[];
  readonly index: IndexEntry;
  /** Dead letters that are about to be stored or closed. */
  readonly letterChanges: readonly LetterChange[];
  readonly letter: Letter | null;
  readonly crashes: number;
  readonly tombstoneLosses: number;
  readonly leadSweeps: number;
}

export interface ModelBounds {
  /** Changes of the one document. */
  readonly maxChanges: number;
  /** Changes of other documents. */
  readonly maxOtherChanges: number;
  readonly maxCrashes: number;
  readonly maxTombstoneLosses: number;
  /** Scan turns over other documents that may come before the one that reads ours. */
  readonly maxOtherPages: number;
  /** The index holds a document before the first scan, so that a sweep is due. */
  readonly isOrphanThere: boolean;
  /** Some contents are refused by the index and stand as dead letters. */
  readonly hasRefusals: boolean;
  /** A worker may freeze instead of dying: what it had on its way is not lost. */
  readonly mayFreeze: boolean;
  /** Looks of another partition, the lead, which finds the document gone and removes it from the index. */
  readonly maxLeadSweeps: number;
}

/** The state in which the engine has stored H and read nothing yet. */
export function initialState(bounds: ModelBounds): ModelState {
  const position = initialPosition(timeOf(0));
  const durable: Durable = { position, isScanned: false, isSwept: !bounds.isOrphanThere };
  return {
    history: [],
    otherChanges: [],
    now: 0,
    durable,
    memory: { ...durable, streamedTo: null, mustReach: null, floor: 0 },
    batch: null,
    scanRead: null,
    otherPages: bounds.maxOtherPages,
    inFlight: [],
    late: [],
    removals: [],
    letterChanges: [],
    letter: null,
    index: bounds.isOrphanThere ? { version: 0n, content: -1 } : NOTHING,
    crashes: 0,
    tombstoneLosses: 0,
    leadSweeps: 0,
  };
}
