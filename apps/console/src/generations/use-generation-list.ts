import { useEffect, useRef, useState } from 'preact/hooks';
import { asProblem } from '../api/problem.js';
import type { GenerationListView, JobView } from '../api/views.js';
import { useStore } from '../store/store-context.js';
import { isMoving, NO_GENERATIONS, withFailure, withGenerations, type GenerationList } from './generation-list.js';

/** Generations on their way are looked at this often, and those that rest this often, milliseconds. */
const LOOK_AGAIN_MS = 2_000;
const LOOK_AT_REST_MS = 15_000;

export interface ShownGenerations {
  readonly list: GenerationList;
  readonly reload: () => Promise<void>;
}

/**
 * The generations of a connector: read again whenever one of its jobs changes its state, and now and then. An answer
 * that a newer question has overtaken is dropped.
 * @param jobs those of the connector
 */
export function useGenerationList(connectorId: string, jobs: readonly JobView[]): ShownGenerations {
  const store = useStore();
  const [list, setList] = useState(NO_GENERATIONS);
  const asked = useRef(0);
  const needsToken = store.needsToken.value;
  const jobStates = jobs
    .map(({ id, state }) => `${id} ${state}`)
    .sort()
    .join();
  const reload = async (): Promise<void> => {
    const number = (asked.current += 1);
    let change: (before: GenerationList) => GenerationList;
    try {
      const answer = await store.api.json<GenerationListView>(`api/v1/connectors/${connectorId}/generations`);
      change = () => withGenerations(answer);
    } catch (error) {
      const problem = asProblem(error);
      change = (before) => withFailure(before, problem);
    }
    if (asked.current === number) setList(change);
  };
  useEffect(() => {
    if (!needsToken) void reload();
  }, [connectorId, jobStates, needsToken]);
  const intervalMs = isMoving(list) ? LOOK_AGAIN_MS : LOOK_AT_REST_MS;
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden && !store.needsToken.value) void reload();
    }, intervalMs);
    return () => clearInterval(timer);
  }, [connectorId, intervalMs]);
  return { list, reload };
}
