import type { VNode } from 'preact';
import { isNarrowed, type LetterFilter } from './letter-filter.js';
import { countOf, type LetterTarget } from './use-letter-commands.js';

export interface LetterToolbarProps {
  readonly filter: LetterFilter;
  readonly selectedIds: readonly string[];
  readonly isBusy: boolean;
  readonly isRunning: boolean;
  readonly onRetry: (target: LetterTarget) => void;
  readonly onDiscard: (target: LetterTarget) => void;
}

/** What can be done with those that are selected, or with all of the filter. */
export function LetterToolbar(props: LetterToolbarProps): VNode {
  const { filter, selectedIds, isBusy, isRunning, onRetry, onDiscard } = props;
  const hasSelection = selectedIds.length > 0;
  const target: LetterTarget = hasSelection ? { kind: 'some', ids: selectedIds } : { kind: 'filter', filter };
  const scope = hasSelection ? 'selected' : 'all';
  const words = hasSelection
    ? `${countOf(selectedIds.length)} selected`
    : isNarrowed(filter)
      ? 'all open ones of this filter'
      : 'all open ones of this connector';
  return (
    <div class="tool-row">
      <span class="muted" aria-live="polite">
        {words}
        {!isRunning && '; the connector does not run: they are tried again once it does'}
      </span>
      <div class="buttons">
        <button type="button" class="small" disabled={isBusy} onClick={() => onRetry(target)}>
          Retry {scope}
        </button>
        <button type="button" class="small quiet danger-text" disabled={isBusy} onClick={() => onDiscard(target)}>
          Discard {scope}
        </button>
      </div>
    </div>
  );
}
