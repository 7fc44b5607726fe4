import type { ObservedState } from './connector-state.js';

/** Most serious first: what one partition says outweighs all that stand further back. */
const SEVERITY: readonly ObservedState[] = [
  'failed',
  'resync_required',
  'attention',
  'waiting',
  'starting',
  'scanning',
  'streaming',
  'paused',
  'idle',
];

/** What is seen of a connector, from what is seen of its partitions; `idle` without one. Pure. */
export function worstState(states: readonly ObservedState[]): ObservedState {
  return SEVERITY.find((state) => states.includes(state)) ?? 'idle';
}
