import { useEffect, useRef, useState } from 'preact/hooks';
import { asProblem } from '../api/problem.js';
import type { DeadLetterView, Page } from '../api/views.js';
import { useStore } from '../store/store-context.js';
import { filterQuery, type LetterFilter } from './letter-filter.js';
import { hasWaiting, NO_LETTERS, withFailure, withFirstPage, withNextPage, type LetterList } from './letter-list.js';

const PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 200;
/** Letters that wait for a worker are looked at this often, milliseconds. */
const LOOK_AGAIN_MS = 2_000;

export interface ShownLetters {
  readonly list: LetterList;
  readonly reload: () => Promise<void>;
  /** Shows the next page below. */
  readonly more: () => Promise<void>;
}

/**
 * The dead letters of a connector: read again when the filter or their number changes, and while some of them wait
 * for a worker. An answer that a newer question has overtaken is dropped.
 */
export function useLetterList(connectorId: string, filter: LetterFilter): ShownLetters {
  const store = useStore();
  const [list, setList] = useState(NO_LETTERS);
  const asked = useRef(0);
  const openCount = store.live.value.connectors.entries.get(connectorId)?.value.openDeadLetters;
  const needsToken = store.needsToken.value;
  const load = async (pageSize: number, pageToken: string | null): Promise<void> => {
    const number = (asked.current += 1);
    const more = { pageSize: String(pageSize), ...(pageToken === null ? {} : { pageToken }) };
    let change: (before: LetterList) => LetterList;
    try {
      const path = `api/v1/connectors/${connectorId}/dead-letters?${filterQuery(filter, more)}`;
      const page = await store.api.json<Page<DeadLetterView>>(path);
      change = (before) => (pageToken === null ? withFirstPage(page) : withNextPage(before, page));
    } catch (error) {
      const problem = asProblem(error);
      change = (before) => withFailure(before, problem);
    }
    if (asked.current === number) setList(change);
  };
  const shownSize = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, list.letters.length));
  const reload = (): Promise<void> => load(shownSize, null);
  useEffect(() => {
    setList(NO_LETTERS);
  }, [connectorId, filter]);
  useEffect(() => {
    if (!needsToken) void reload();
  }, [connectorId, filter, openCount, needsToken]);
  const isWaiting = hasWaiting(list);
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(() => {
      if (!document.hidden) void reload();
    }, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isWaiting, filter, shownSize]);
  return { list, reload, more: () => load(PAGE_SIZE, list.nextPageToken) };
}
