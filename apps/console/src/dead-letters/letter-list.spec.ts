import { unreachableProblem } from '../api/problem.js';
import type { DeadLetterView } from '../api/views.js';
import { hasWaiting, NO_LETTERS, withFailure, withFirstPage, withNextPage } from './letter-list.js';

const letter = (id: string, change: Partial<DeadLetterView> = {}): DeadLetterView =>
  ({ id, state: 'open', retry: null, ...change }) as DeadLetterView;
const idsOf = (list: { readonly letters: readonly DeadLetterView[] }): string[] => list.letters.map(({ id }) => id);

describe('list of dead letters', () => {
  const first = withFirstPage({ items: [letter('a'), letter('b')], nextPageToken: 'more' });

  it('appends a page and shows nothing twice', () => {
    const both = withNextPage(first, { items: [letter('b'), letter('c')], nextPageToken: null });
    expect(idsOf(both)).toEqual(['a', 'b', 'c']);
    expect(both.nextPageToken).toBeNull();
  });

  it('keeps what it has beside a failure, until a page comes again', () => {
    const failed = withFailure(first, unreachableProblem());
    expect([failed.status, idsOf(failed)]).toEqual(['failed', ['a', 'b']]);
    expect(withFirstPage({ items: [], nextPageToken: null }).problem).toBeNull();
  });

  it('knows whether a retry is awaited', () => {
    const retry = { requestedAt: 't', requestedBy: 'api' };
    expect(hasWaiting(NO_LETTERS)).toBe(false);
    expect(hasWaiting(withFirstPage({ items: [letter('a', { retry })], nextPageToken: null }))).toBe(true);
  });
});
