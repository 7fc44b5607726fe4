import type { VNode } from 'preact';
import { useId, useState } from 'preact/hooks';
import { Dialog } from '../shell/dialog.js';
import { isNarrowed } from './letter-filter.js';
import { countOf, type LetterTarget } from './use-letter-commands.js';

export interface DiscardDialogProps {
  readonly target: LetterTarget;
  readonly onDiscard: (reason: string) => void;
  readonly onClose: () => void;
}

const MAX_REASON = 1_000;

/** Asks why documents are given up: the reason is kept with each of them. */
export function DiscardDialog({ target, onDiscard, onClose }: DiscardDialogProps): VNode {
  const [reason, setReason] = useState('');
  const inputId = useId();
  const isReady = reason.trim() !== '';
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isReady) return;
    onClose();
    onDiscard(reason.trim());
  };
  return (
    <Dialog title={`Discard ${wordsOf(target)}?`} onClose={onClose}>
      <form onSubmit={submit}>
        <p>The documents stay out of the index until they change in the source. Content that was kept is removed.</p>
        <label for={inputId}>Reason</label>
        <input
          id={inputId}
          value={reason}
          required
          maxLength={MAX_REASON}
          autocomplete="off"
          placeholder="Why they are given up"
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <footer>
          <button type="button" class="quiet" onClick={onClose}>
            Keep as it is
          </button>
          <button type="submit" class="danger" disabled={!isReady}>
            Discard
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function wordsOf(target: LetterTarget): string {
  if (target.kind === 'some') return countOf(target.ids.length);
  return isNarrowed(target.filter) ? 'all open dead letters of this filter' : 'all open dead letters';
}
