import type { GenerationState } from '@lockstep/contracts';
import { useEffect, useState } from 'preact/hooks';
import type { GenerationListView } from '../api/views.js';
import { useStore } from '../store/store-context.js';

/** Generations that a set position moves. */
const FOLLOWING: ReadonlySet<GenerationState> = new Set<GenerationState>(['serving', 'filling', 'returning']);

/** Up to when a connector that does not run has read the changes of its source, ISO 8601; null until that is known. */
export function useFollowedTo(connectorId: string): string | null {
  const store = useStore();
  const [followedTo, setFollowedTo] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const path = `api/v1/connectors/${connectorId}/generations`;
        const { items } = await store.api.json<GenerationListView>(path, { signal: abort.signal });
        setFollowedTo(earliestFollowed(items));
      } catch {
        // It only helps to tell back from forward; what stands against the position itself, its own answer tells.
      }
    };
    void load();
    return () => abort.abort();
  }, [connectorId]);
  return followedTo;
}

/** The earliest, since what lies after it counts as forward. */
function earliestFollowed(generations: GenerationListView['items']): string | null {
  const times = generations.flatMap(({ state, followedTo }) => (FOLLOWING.has(state) ? (followedTo ?? []) : []));
  return times.sort()[0] ?? null;
}
