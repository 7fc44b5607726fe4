import type { JobView } from '../api/views.js';
import type { Collection } from '../live/live-state.js';
import { isFinished } from './readings.js';

/** The entries of a collection, unsorted. */
export function valuesOf<T>(collection: Collection<T>): readonly T[] {
  return [...collection.entries.values()].map((entry) => entry.value);
}

/** Jobs at work first, then the newest. */
export function sortedJobs(jobs: readonly JobView[]): readonly JobView[] {
  return [...jobs].sort(
    (a, b) => Number(isFinished(a)) - Number(isFinished(b)) || b.createdAt.localeCompare(a.createdAt),
  );
}
