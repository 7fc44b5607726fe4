import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from './icon.js';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for those who do not see it. */
  readonly label: string;
}

/** Copies text and says whether it did. */
export function CopyButton({ text, label }: CopyButtonProps): VNode {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'refused'>('idle');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      // Outside of secure contexts there is no clipboard: the text stands beside the button.
      setOutcome('refused');
    }
    setTimeout(() => setOutcome('idle'), 2_000);
  };
  const words = { idle: 'Copy', copied: 'Copied', refused: 'Select and copy' }[outcome];
  return (
    <button type="button" class="small quiet" aria-label={`${words}: ${label}`} onClick={() => void copy()}>
      <Icon name={outcome === 'copied' ? 'check' : 'copy'} />
      <span aria-live="polite">{words}</span>
    </button>
  );
}
