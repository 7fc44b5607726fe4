import { documentVersion } from '@lockstep/core';
import { scanBounds } from '../turns/read-bounds.js';
import type { ModelBounds, ModelState } from './model-state.js';
import type { Rules } from './rules.js';
import {
  applyLetterChange,
  applyWrite,
  contentAt,
  isRefused,
  NOTHING,
  refusedContent,
  timeOf,
  type Content,
  type LetterChange,
  type SourceChange,
  type Write,
} from './world.js';

/** What happens around the engine: changes of the source, what arrives in Elasticsearch, another partition, bad luck. */

export function* sourceChanges(state: ModelState, bounds: ModelBounds): Generator<ModelState> {
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
export function* leadSweeps(state: ModelState, bounds: ModelBounds): Generator<ModelState> {
  if (state.leadSweeps >= bounds.maxLeadSweeps || state.index.content === null) return;
  for (let atLeast = 0; atLeast <= state.now; atLeast += 1) {
    const isGone = [...snapshots(atLeast, state)].some(({ content }) => content === null);
    if (!isGone) continue;
    const removal: Write = { version: scanBounds(timeOf(atLeast)).version, content: null, from: 'sweep' };
    yield { ...state, leadSweeps: state.leadSweeps + 1, removals: [...state.removals, removal] };
  }
}

export function* deliveries(state: ModelState, rules: Rules, bounds: ModelBounds): Generator<ModelState> {
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
export function* misfortunes(state: ModelState, rules: Rules, bounds: ModelBounds): Generator<ModelState> {
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

export function* snapshots(
  from: number,
  state: ModelState,
): Generator<{ readonly tick: number; readonly content: Content }> {
  for (let tick = Math.max(0, from); tick <= state.now; tick += 1)
    yield { tick, content: contentAt(state.history, tick) };
}
