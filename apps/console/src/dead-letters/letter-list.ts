import type { Problem } from '../api/problem.js';
import type { DeadLetterView, Page } from '../api/views.js';

/** The dead letters that are shown, in each of their states. */
export interface LetterList {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
  readonly letters: readonly DeadLetterView[];
  readonly nextPageToken: string | null;
}

export const NO_LETTERS: LetterList = { status: 'loading', problem: null, letters: [], nextPageToken: null };

/** A page that takes the place of what was shown. */
export function withFirstPage(page: Page<DeadLetterView>): LetterList {
  return { status: 'ready', problem: null, letters: page.items, nextPageToken: page.nextPageToken };
}

/** A page behind what is shown. One that moved between two requests is not shown twice. */
export function withNextPage(list: LetterList, page: Page<DeadLetterView>): LetterList {
  const known = new Set(list.letters.map(({ id }) => id));
  const letters = [...list.letters, ...page.items.filter(({ id }) => !known.has(id))];
  return { ...withFirstPage(page), letters };
}

/** What is shown stays beside a failure. */
export function withFailure(list: LetterList, problem: Problem): LetterList {
  return { ...list, status: 'failed', problem };
}

/** Whether some of them wait for a worker to try them again. */
export function hasWaiting(list: LetterList): boolean {
  return list.letters.some(({ state, retry }) => state === 'open' && retry !== null);
}
