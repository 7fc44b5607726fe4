import type { VNode } from 'preact';
import type { DeadLetterView } from '../api/views.js';
import { StatusBadge } from '../shell/status-badge.js';
import { LETTER_STATE_WORDS } from '../shell/tone.js';

/** The state of a dead letter, with whatever was decided about it. */
export function LetterBadge({ letter }: { readonly letter: DeadLetterView }): VNode {
  const { state, retry, note, isStale, discardReason } = letter;
  const isWaiting = state === 'open' && retry !== null;
  return (
    <>
      <StatusBadge words={isWaiting ? { tone: 'busy', label: 'Waits for a worker' } : LETTER_STATE_WORDS[state]} />
      {state === 'open' && isStale && <span class="sub">an older state is still in the index</span>}
      {note !== null && <span class="sub wrap">{note}</span>}
      {discardReason !== null && <span class="sub wrap">{discardReason}</span>}
    </>
  );
}
