import type { ComponentChildren, VNode } from 'preact';
import { ProblemNotice } from '../shell/problem-notice.js';
import { isNarrowed, type LetterFilter } from './letter-filter.js';
import type { LetterList } from './letter-list.js';

export interface LetterListFrameProps {
  readonly list: LetterList;
  readonly filter: LetterFilter;
  readonly onFilter: (filter: LetterFilter) => void;
  /** Asks for the list again. */
  readonly onRetry: () => void;
  readonly children: ComponentChildren;
}

/** The list in each of its states: loading, failed, empty, and filled (also beside a failure). */
export function LetterListFrame({ list, filter, onFilter, onRetry, children }: LetterListFrameProps): VNode {
  const { status, problem, letters } = list;
  return (
    <>
      {problem !== null && problem.status !== 401 && (
        <ProblemNotice problem={problem}>
          <button type="button" class="small quiet" onClick={onRetry}>
            Try again
          </button>
        </ProblemNotice>
      )}
      {letters.length > 0 && children}
      {letters.length === 0 && status === 'loading' && (
        <p class="empty" role="status">
          Loading the dead letters …
        </p>
      )}
      {letters.length === 0 && problem?.status === 401 && (
        <p class="empty">The dead letters are shown once a token is given.</p>
      )}
      {letters.length === 0 && status === 'ready' && <EmptyList filter={filter} onFilter={onFilter} />}
    </>
  );
}

function EmptyList({ filter, onFilter }: Pick<LetterListFrameProps, 'filter' | 'onFilter'>): VNode {
  if (isNarrowed(filter)) {
    return (
      <div class="empty">
        <p class="empty-title">No {filter.state} dead letter matches the filter</p>
        <button
          type="button"
          class="small quiet"
          onClick={() => onFilter({ state: filter.state, errorType: '', field: '' })}
        >
          Clear the filter
        </button>
      </div>
    );
  }
  return (
    <div class="empty">
      <p class="empty-title">No {filter.state} dead letter</p>
      {filter.state === 'open' && <p>Every document that was copied is in the index as it is in the source.</p>}
    </div>
  );
}
