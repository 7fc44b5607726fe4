import type { PartitionState } from '@lockstep/contracts';

/** One more worker died while it held the partition. Pure. */
export function withDeath(state: PartitionState, nowIso: string): PartitionState {
  return { ...state, deaths: { count: (state.deaths?.count ?? 0) + 1, lastAt: nowIso } };
}

/** The deaths so far no longer count. Pure. */
export function withoutDeaths({ deaths: _deaths, ...state }: PartitionState): PartitionState {
  return state;
}

/** An operator wants it tried again: what was said of the deaths is taken back with them. Pure. */
export function pardoned(state: PartitionState): PartitionState {
  return { ...withoutDeaths(state), observedState: 'starting', conditions: [] };
}
