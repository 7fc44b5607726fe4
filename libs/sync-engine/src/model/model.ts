import { documentVersion, maxClusterTime } from '@lockstep/core';
import { acknowledge, initialPosition, streamStart, type Position } from '../stream/position.js';
import { nextTurn, type Turn } from '../turns/turn-decision.js';
import type { Rules } from './rules.js';
import {
  applyLetterChange,
  applyWrite,
  contentAt,
  isRefused,
  NOTHING,
  refusedContent,
  timeOf,
  tickOf,
  type Content,
  type IndexEntry,
  type Letter,
  type LetterChange,
  type SourceChange,
  type Write,
} from './world.js';

/** What the engine keeps in memory, and what of it a crash brings back. */
interface Durable {
  readonly position: Position;
  readonly isScanned: boolean;
  readonly isSwept: boolean;
}

/** A batch of the stream between reading it and its acknowledgement. */
interface StreamBatch {
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

/** Every state that can come next, by the engine, the source, Elasticsearch or bad luck. */
export function* successors(state: ModelState, rules: Rules, bounds: ModelBounds): Generator<ModelState> {
  yield* sourceChanges(state, bounds);
  yield* deliveries(state, rules, bounds);
  yield* misfortunes(state, rules, bounds);
  yield* leadSweeps(state, bounds);
  yield* engineSteps(state, rules);
}

/** What the engine may do next; nothing of it depends on luck. */
export function* engineSteps(state: ModelState, rules: Rules): Generator<ModelState> {
  if (state.memory.floor === null) {
    const memory = { ...state.memory, floor: rules.floor === 'sessionStart' ? state.now : 0 };
    yield { ...state, memory, late: rules.lateWrites === 'refused' ? [] : state.late };
    return;
  }
  // Whether the history is short may change from one turn to the next: the engine may take either.
  const turns = new Set([turnOf(state, false).kind, turnOf(state, true).kind]);
  const isScanBusy = state.scanRead !== null;
  const isStreamBusy = state.batch !== null;
  if (turns.has('scan') && !isScanBusy && (rules.turns === 'ignored' || !isStreamBusy)) yield* scanReads(state, rules);
  if (turns.has('sweep') && !isScanBusy && (rules.turns === 'ignored' || !isStreamBusy))
    yield* sweepReads(state, rules);
  const unsettled = [...state.inFlight, ...state.letterChanges];
  if (isScanBusy && unsettled.every(({ from }) => from === 'stream')) yield scanAcknowledged(state);
  const mayStream = turns.has('stream') || turns.has('follow') || turns.has('finishBulk') || rules.turns === 'ignored';
  if (mayStream && !isStreamBusy && (rules.turns === 'ignored' || !isScanBusy)) yield* streamReads(state, rules);
  if (state.batch?.stage === 'read') yield* lookUps(state, state.batch, rules);
  if (state.batch?.stage === 'sent' && unsettled.every(({ from }) => from !== 'stream'))
    yield streamAcknowledged(state, state.batch);
  if (JSON.stringify(view(state.memory)) !== JSON.stringify(view(state.durable))) yield saved(state);
}

function view({ position, isScanned, isSwept }: Durable): unknown {
  return [String(position.h), position.token, isScanned, isSwept];
}

function turnOf({ memory }: ModelState, isHistoryShort: boolean): Turn {
  return nextTurn({
    streamedTo: memory.streamedTo === null ? null : timeOf(memory.streamedTo),
    mustReach: memory.mustReach === null ? null : timeOf(memory.mustReach),
    scans: [{ collection: 'c', isScanned: memory.isScanned, isSwept: memory.isSwept, isHeld: false }],
    isBulkDue: true,
    isHistoryShort,
  });
}

function* sourceChanges(state: ModelState, bounds: ModelBounds): Generator<ModelState> {
  const tick = state.now + 1;
  if (state.otherChanges.length < bounds.maxOtherChanges) {
    yield { ...state, now: tick, otherChanges: [...state.otherChanges, tick] };
  }
  if (state.history.length >= bounds.maxChanges) return;
  const put: SourceChange = { tick, content: tick };
  yield { ...state, now: tick, history: [...state.history, put] };
  if (bounds.hasRefusals)
    yield { ...state, now: tick, history: [...state.history, { tick, content: refusedContent(tick) }] };
  if (contentAt(state.history, state.now) === null) return;
  yield { ...state, now: tick, history: [...state.history, { tick, content: null }] };
  // Deleted and inserted again in one transaction: two events, one cluster time.
  yield { ...state, now: tick, history: [...state.history, { tick, content: null }, put] };
}

/** The lead reads at some time, or later, that the document is gone; it asks nobody, and is asked by nobody. */
function* leadSweeps(state: ModelState, bounds: ModelBounds): Generator<ModelState> {
  if (state.leadSweeps >= bounds.maxLeadSweeps || state.index.content === null) return;
  for (let atLeast = 0; atLeast <= state.now; atLeast += 1) {
    const isGone = [...snapshots(atLeast, state)].some(({ content }) => content === null);
    if (!isGone) continue;
    const removal: Write = { version: documentVersion(timeOf(atLeast)), content: null, from: 'sweep' };
    yield { ...state, leadSweeps: state.leadSweeps + 1, removals: [...state.removals, removal] };
  }
}

function* deliveries(state: ModelState, rules: Rules, bounds: ModelBounds): Generator<ModelState> {
  for (const [at, write] of state.inFlight.entries()) {
    const versionType = write.from === 'sweep' && rules.sweepVersion === 'none' ? 'none' : rules.versionType;
    const index = applyWrite(state.index, write, versionType);
    // Only a write that is taken, or a removal that is, says anything about the dead letter.
    const { version, content, from } = write;
    const isNews = bounds.hasRefusals && index !== state.index;
    const change: LetterChange = { version, isOpen: isRefused(content), from };
    const letterChanges = isNews ? [...state.letterChanges, change] : state.letterChanges;
    yield { ...state, index, letterChanges, inFlight: state.inFlight.filter((_, other) => other !== at) };
  }
  for (const [at, write] of state.late.entries()) {
    const index = applyWrite(state.index, write, rules.versionType);
    yield { ...state, index, late: state.late.filter((_, other) => other !== at) };
  }
  for (const [at, removal] of state.removals.entries()) {
    const version = rules.leadSweepVersion === 'readTime' ? removal.version : documentVersion(timeOf(state.now));
    const index = applyWrite(state.index, { ...removal, version }, rules.versionType);
    yield { ...state, index, removals: state.removals.filter((_, other) => other !== at) };
  }
  for (const [at, change] of state.letterChanges.entries()) {
    const letter = applyLetterChange(state.letter, change);
    yield { ...state, letter, letterChanges: state.letterChanges.filter((_, other) => other !== at) };
  }
}

/** Elasticsearch forgets a deletion; the worker dies or freezes, and each write under way is done, or late, or is not. */
function* misfortunes(state: ModelState, rules: Rules, bounds: ModelBounds): Generator<ModelState> {
  if (state.tombstoneLosses < bounds.maxTombstoneLosses && state.index.content === null && state.index.version >= 0n) {
    yield { ...state, index: NOTHING, tombstoneLosses: state.tombstoneLosses + 1 };
  }
  if (state.crashes >= bounds.maxCrashes) return;
  const crashed: ModelState = {
    ...state,
    memory: { ...state.durable, streamedTo: null, mustReach: null, floor: null },
    batch: null,
    scanRead: null,
    inFlight: [],
    letterChanges: [],
    crashes: state.crashes + 1,
  };
  yield crashed;
  if (bounds.mayFreeze && state.inFlight.length > 0) yield { ...crashed, late: [...state.late, ...state.inFlight] };
  for (const { index, letter } of deliveries(state, rules, bounds)) yield { ...crashed, index, letter };
}

function* snapshots(from: number, state: ModelState): Generator<{ readonly tick: number; readonly content: Content }> {
  for (let tick = Math.max(0, from); tick <= state.now; tick += 1)
    yield { tick, content: contentAt(state.history, tick) };
}

/** No read of this session is older: H, or its beginning. */
function lowerBound({ memory }: ModelState): number {
  return Math.max(tickOf(memory.position.h), memory.floor ?? 0);
}

function* scanReads(state: ModelState, rules: Rules): Generator<ModelState> {
  if (state.otherPages > 0) {
    yield { ...state, otherPages: state.otherPages - 1, scanRead: { lastRead: state.now, isLastPage: false } };
  }
  const h = lowerBound(state);
  for (const { content } of snapshots(rules.scanReads === 'atLeastH' ? h : 0, state)) {
    const version = documentVersion(timeOf(rules.scanVersion === 'h' ? h : state.now));
    const write: Write = { version, content, from: 'scan' };
    yield {
      ...state,
      scanRead: { lastRead: state.now, isLastPage: true },
      inFlight: content === null ? state.inFlight : [...state.inFlight, write],
    };
  }
}

function* sweepReads(state: ModelState, rules: Rules): Generator<ModelState> {
  const h = lowerBound(state);
  for (const { content } of snapshots(h, state)) {
    const isOrphan = content === null && state.index.content !== null;
    const version = rules.sweepVersion === 'readTime' ? documentVersion(timeOf(h)) : 0n;
    const write: Write = { version, content: null, from: 'sweep' };
    yield {
      ...state,
      scanRead: { lastRead: state.now, isLastPage: true },
      inFlight: isOrphan ? [...state.inFlight, write] : state.inFlight,
    };
  }
}

function scanAcknowledged(state: ModelState): ModelState {
  const { memory, scanRead } = state;
  const isLastPage = scanRead?.isLastPage ?? true;
  const isSwept = memory.isScanned || memory.isSwept;
  return {
    ...state,
    scanRead: null,
    memory: {
      ...memory,
      isScanned: memory.isScanned || isLastPage,
      isSwept,
      mustReach: scanRead?.lastRead ?? memory.mustReach,
    },
  };
}

/** The stream gives any prefix of what is behind its start. */
function* streamReads(state: ModelState, rules: Rules): Generator<ModelState> {
  const { memory } = state;
  const start = streamStart(memory.position);
  const isFresh = memory.streamedTo === null && memory.position.token === null;
  const atH = start.kind === 'at' ? tickOf(start.time) - 1 : Number(start.token);
  const from = memory.streamedTo ?? (isFresh && rules.streamStart === 'now' ? state.now : atH);
  for (let endTick = Math.max(from, 0); endTick <= state.now; endTick += 1) {
    const isWithin = (tick: number): boolean => tick > from && tick <= endTick;
    const own = state.history.map(({ tick }) => tick).filter(isWithin);
    const newestTick = Math.max(-1, ...own, ...state.otherChanges.filter(isWithin));
    if (newestTick < 0 && endTick < state.now) continue;
    const batch: StreamBatch = { newestTick, endTick, stage: own.length === 0 ? 'sent' : 'read' };
    const next = { ...state, batch };
    yield rules.checkpoint === 'beforeAcknowledgement'
      ? { ...next, durable: { ...state.durable, position: positionAt(state, endTick) } }
      : next;
  }
}

function* lookUps(state: ModelState, batch: StreamBatch, rules: Rules): Generator<ModelState> {
  const h = lowerBound(state);
  const atLeast = tickOf(maxClusterTime(timeOf(batch.newestTick), timeOf(h)));
  for (const { content } of snapshots(rules.lookUps === 'atLeastNewestEvent' ? atLeast : 0, state)) {
    const version = documentVersion(timeOf(rules.streamVersion === 'newestEvent' ? atLeast : state.now));
    const isIgnored = content === null && rules.absence === 'ignore';
    const write: Write = { version, content, from: 'stream' };
    yield {
      ...state,
      batch: { ...batch, stage: 'sent' },
      inFlight: isIgnored ? state.inFlight : [...state.inFlight, write],
    };
  }
}

function positionAt(state: ModelState, endTick: number): Position {
  const time = timeOf(endTick);
  return acknowledge(state.memory.position, {
    token: String(endTick),
    tokenTime: time,
    operationTime: time,
    isInvalidated: false,
  });
}

function streamAcknowledged(state: ModelState, batch: StreamBatch): ModelState {
  const memory = { ...state.memory, position: positionAt(state, batch.endTick), streamedTo: batch.endTick };
  return { ...state, batch: null, memory };
}

function saved(state: ModelState): ModelState {
  const { position, isScanned, isSwept } = state.memory;
  return { ...state, durable: { position, isScanned, isSwept } };
}
