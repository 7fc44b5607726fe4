import type { Problem } from '../api/problem.js';
import type { ChangeView, ConnectorView, JobView, LagView, WorkerView } from '../api/views.js';
import type { EntryKind, LiveEvent } from './live-event.js';

export interface Entry<T> {
  readonly value: T;
  /** When it came, milliseconds since the epoch. */
  readonly receivedAtMs: number;
}

/** A list with what is known about how complete it is. */
export interface Collection<T> {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
  readonly entries: ReadonlyMap<string, Entry<T>>;
}

export interface LiveState {
  readonly connectors: Collection<ConnectorView>;
  readonly jobs: Collection<JobView>;
  readonly workers: Collection<WorkerView>;
  /** The latest changes, newest first. */
  readonly changes: readonly ChangeView[];
  readonly lag: ReadonlyMap<string, Entry<LagView>>;
}

export interface Identified {
  readonly id: string;
}

export type LiveAction =
  | {
      readonly type: 'loaded';
      readonly kind: EntryKind;
      readonly items: readonly Identified[];
      /** When the request was sent: what the stream told since then is newer than its answer. */
      readonly requestedAtMs: number;
      readonly nowMs: number;
    }
  | { readonly type: 'loadFailed'; readonly kind: EntryKind; readonly problem: Problem }
  | { readonly type: 'events'; readonly events: readonly LiveEvent[]; readonly nowMs: number };

/** How many of the latest changes are kept. */
export const MAX_CHANGES = 100;
/** How many jobs are kept; finished ones go first, oldest first. */
export const MAX_JOBS = 200;

const nothingYet = { status: 'loading', problem: null, entries: new Map<string, never>() } as const;

export const INITIAL_LIVE_STATE: LiveState = {
  connectors: nothingYet,
  jobs: nothingYet,
  workers: nothingYet,
  changes: [],
  lag: new Map(),
};

/** What the console knows after `action`. */
export function reduceLive(state: LiveState, action: LiveAction): LiveState {
  switch (action.type) {
    case 'loaded':
      return { ...state, [action.kind]: loaded(state[action.kind], action) };
    case 'loadFailed':
      return { ...state, [action.kind]: { ...state[action.kind], status: 'failed', problem: action.problem } };
    case 'events':
      return action.events.reduce((current, event) => reduceEvent(current, event, action.nowMs), state);
  }
}

function reduceEvent(state: LiveState, event: LiveEvent, nowMs: number): LiveState {
  switch (event.type) {
    case 'connector':
      return { ...state, connectors: withEntry(state.connectors, event.value, nowMs) };
    case 'job':
      return { ...state, jobs: pruned(withEntry(state.jobs, event.value, nowMs)) };
    case 'worker':
      return { ...state, workers: withEntry(state.workers, event.value, nowMs) };
    case 'removed':
      return { ...state, [event.kind]: withoutEntry(state[event.kind], event.id) };
    case 'change':
      return { ...state, changes: withChange(state.changes, event.value) };
    case 'lag':
      return {
        ...state,
        lag: new Map(state.lag).set(event.value.connectorId, { value: event.value, receivedAtMs: nowMs }),
      };
    case 'reset':
      // The lists are read again after a reset; what is shown until then is better than nothing.
      return state;
  }
}

function loaded(
  current: Collection<Identified>,
  action: Extract<LiveAction, { type: 'loaded' }>,
): Collection<Identified> {
  const entries = new Map<string, Entry<Identified>>();
  for (const item of action.items) {
    const known = current.entries.get(item.id);
    const isNewer = known !== undefined && known.receivedAtMs >= action.requestedAtMs;
    entries.set(item.id, isNewer ? known : { value: item, receivedAtMs: action.nowMs });
  }
  for (const [id, entry] of current.entries) {
    if (entry.receivedAtMs >= action.requestedAtMs && !entries.has(id)) entries.set(id, entry);
  }
  return { status: 'ready', problem: null, entries };
}

function withEntry<T extends Identified>(collection: Collection<T>, value: T, nowMs: number): Collection<T> {
  const known = collection.entries.get(value.id)?.value;
  const entries = new Map(collection.entries).set(value.id, { value: { ...known, ...value }, receivedAtMs: nowMs });
  return { ...collection, entries };
}

function withoutEntry(collection: Collection<Identified>, id: string): Collection<Identified> {
  const entries = new Map(collection.entries);
  entries.delete(id);
  return { ...collection, entries };
}

function pruned(jobs: Collection<JobView>): Collection<JobView> {
  if (jobs.entries.size <= MAX_JOBS) return jobs;
  const finished = [...jobs.entries.values()]
    .map((entry) => entry.value)
    .filter((job) => job.finishedAt !== null)
    .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  const entries = new Map(jobs.entries);
  for (const job of finished.slice(0, entries.size - MAX_JOBS)) entries.delete(job.id);
  return { ...jobs, entries };
}

function withChange(changes: readonly ChangeView[], change: ChangeView): readonly ChangeView[] {
  const key = changeKey(change);
  if (changes.some((known) => changeKey(known) === key)) return changes;
  return [change, ...changes].slice(0, MAX_CHANGES);
}

/** Tells changes apart; a snapshot after a reconnect repeats some of them. */
export function changeKey(change: ChangeView): string {
  return [change.workerId, change.sequence, change.at].join('|');
}
