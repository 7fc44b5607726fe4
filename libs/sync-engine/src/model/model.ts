import { documentVersion, type ClusterTime } from '@lockstep/core';
import { acknowledge, streamStart, type Position } from '../stream/position.js';
import { lookUpBounds, scanBounds, sessionBound } from '../turns/read-bounds.js';
import { nextTurn, type Turn } from '../turns/turn-decision.js';
import type { Durable, ModelBounds, ModelState, StreamBatch } from './model-state.js';
import type { Rules } from './rules.js';
import { deliveries, leadSweeps, misfortunes, snapshots, sourceChanges } from './surroundings.js';
import { timeOf, tickOf, type Write } from './world.js';

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

/** No read of this session is older: H, or its beginning. */
function boundOf({ memory }: ModelState): ClusterTime {
  return sessionBound(memory.position.h, timeOf(memory.floor ?? 0));
}

function* scanReads(state: ModelState, rules: Rules): Generator<ModelState> {
  if (state.otherPages > 0) {
    yield { ...state, otherPages: state.otherPages - 1, scanRead: { lastRead: state.now, isLastPage: false } };
  }
  const bounds = scanBounds(boundOf(state));
  for (const { content } of snapshots(rules.scanReads === 'atLeastH' ? tickOf(bounds.atLeast) : 0, state)) {
    const version = rules.scanVersion === 'h' ? bounds.version : documentVersion(timeOf(state.now));
    const write: Write = { version, content, from: 'scan' };
    yield {
      ...state,
      scanRead: { lastRead: state.now, isLastPage: true },
      inFlight: content === null ? state.inFlight : [...state.inFlight, write],
    };
  }
}

function* sweepReads(state: ModelState, rules: Rules): Generator<ModelState> {
  const bounds = scanBounds(boundOf(state));
  for (const { content } of snapshots(tickOf(bounds.atLeast), state)) {
    const isOrphan = content === null && state.index.content !== null;
    const version = rules.sweepVersion === 'readTime' ? bounds.version : 0n;
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
  const bounds = lookUpBounds(timeOf(batch.newestTick), boundOf(state));
  for (const { content } of snapshots(rules.lookUps === 'atLeastNewestEvent' ? tickOf(bounds.atLeast) : 0, state)) {
    const version = rules.streamVersion === 'newestEvent' ? bounds.version : documentVersion(timeOf(state.now));
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
    newestChange: null,
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
