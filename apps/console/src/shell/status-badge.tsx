import type { VNode } from 'preact';
import { Icon, type IconName } from './icon.js';
import type { StateWords, Tone } from './tone.js';

const ICONS: Readonly<Record<Tone, IconName>> = {
  good: 'check',
  busy: 'progress',
  idle: 'circle',
  held: 'pause',
  warn: 'warning',
  bad: 'cross',
};

/** A state as icon and word; the colour only supports them. */
export function StatusBadge({ words }: { readonly words: StateWords }): VNode {
  return (
    <span class={`badge tone-${words.tone}`}>
      <Icon name={ICONS[words.tone]} />
      {words.label}
    </span>
  );
}
