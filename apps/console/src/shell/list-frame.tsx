import type { ComponentChildren, VNode } from 'preact';
import type { Collection } from '../live/live-state.js';
import { useStore } from '../store/store-context.js';
import { ProblemNotice } from './problem-notice.js';

export interface ListFrameProps {
  readonly collection: Collection<unknown>;
  /** What is being loaded, e.g. `connectors`. */
  readonly what: string;
  /** How many entries are shown of the collection. */
  readonly count: number;
  /** Shown when there is nothing. */
  readonly empty: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A list in each of its states: loading, failed, empty, and filled (also beside a failure). */
export function ListFrame({ collection, what, count, empty, children }: ListFrameProps): VNode {
  const store = useStore();
  const { status, problem } = collection;
  return (
    <>
      {status === 'failed' && problem !== null && problem.status !== 401 && (
        <ProblemNotice problem={problem}>
          <button type="button" class="small quiet" onClick={() => store.retryNow()}>
            Try again
          </button>
        </ProblemNotice>
      )}
      {count > 0 && children}
      {count === 0 && status === 'loading' && (
        <div class="skeleton" role="status">
          <span class="visually-hidden">Loading {what} …</span>
          <span />
          <span />
          <span />
        </div>
      )}
      {count === 0 && status === 'failed' && problem?.status === 401 && (
        <p class="empty">The {what} are shown once a token is given.</p>
      )}
      {count === 0 && status === 'ready' && <div class="empty">{empty}</div>}
    </>
  );
}
