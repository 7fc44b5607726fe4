import { createHash } from 'node:crypto';
import { successors } from './model.js';
import { initialState, type ModelBounds, type ModelState } from './model-state.js';
import type { Rules } from './rules.js';
import { contentAt, isRefused, tickOf } from './world.js';

export interface Exploration {
  readonly states: number;
  /** What went wrong first; null when nothing can. */
  readonly violation: { readonly what: string; readonly path: readonly string[] } | null;
}

interface Node {
  readonly state: ModelState;
  readonly parent: Node | null;
}

/**
 * Visits every state that can be reached, until the first violation.
 * @param isCompact remembers the states by digests: slower, for millions of them
 */
export function explore(rules: Rules, bounds: ModelBounds, { isCompact = false } = {}): Exploration {
  const seen = new Set<string>();
  const stack: Node[] = [{ state: initialState(bounds), parent: null }];
  while (stack.length > 0) {
    const node = stack.pop()!;
    const name = isCompact ? digest(nameOf(node.state)) : nameOf(node.state);
    if (seen.has(name)) continue;
    seen.add(name);
    const what = violation(node.state, bounds);
    if (what !== null) return { states: seen.size, violation: { what, path: pathTo(node) } };
    for (const state of successors(node.state, rules, bounds)) stack.push({ state, parent: node });
  }
  return { states: seen.size, violation: null };
}

function nameOf(state: ModelState): string {
  return JSON.stringify(state, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function digest(name: string): string {
  return createHash('sha1').update(name).digest('base64');
}

function pathTo(node: Node): string[] {
  const path: string[] = [];
  for (let at: Node | null = node; at !== null; at = at.parent) path.unshift(nameOf(at.state));
  return path;
}

function violation(state: ModelState, bounds: ModelBounds): string | null {
  return staleContent(state) ?? divergence(state, bounds);
}

/** Content at version v reflects every committed change up to v, always. */
function staleContent({ index, history, now }: ModelState): string | null {
  if (index.content === null || index.content < 0) return null;
  const writtenAt = history.find(({ content }) => content === index.content)?.tick ?? 0;
  const replacedAt =
    history.find(({ tick, content }) => tick > writtenAt && content !== index.content)?.tick ?? now + 1;
  const versionTick = tickOf(index.version + (1n << 62n));
  return replacedAt <= versionTick
    ? `content ${index.content} at version ${versionTick} was replaced at ${replacedAt}`
    : null;
}

/** Once everything is quiet and the stream has passed the last change, both sides agree. */
function divergence(state: ModelState, bounds: ModelBounds): string | null {
  const { memory } = state;
  const underWay = state.inFlight.length + state.letterChanges.length;
  const isQuiet = state.batch === null && state.scanRead === null && underWay === 0;
  const isCaughtUp = memory.isScanned && memory.isSwept && memory.streamedTo === state.now;
  const isReached = memory.mustReach === null || (memory.streamedTo ?? -1) >= memory.mustReach;
  if (!isQuiet || !isCaughtUp || !isReached || state.history.length < bounds.maxChanges) return null;
  const wanted = contentAt(state.history, state.now);
  const isKept = state.letter?.isOpen === true;
  if (isRefused(wanted) !== isKept) {
    return `the source has ${String(wanted)}, and ${isKept ? 'a' : 'no'} dead letter is open`;
  }
  return (isRefused(wanted) ? null : wanted) === state.index.content
    ? null
    : `the source has ${String(wanted)}, the index ${String(state.index.content)}`;
}
