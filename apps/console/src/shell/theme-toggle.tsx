import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.js';
import {
  applyThemeChoice,
  nextThemeChoice,
  readThemeChoice,
  storeThemeChoice,
  type ThemeChoice,
} from './theme-choice.js';

const ICONS: Readonly<Record<ThemeChoice, IconName>> = { system: 'screen', light: 'sun', dark: 'moon' };

/** Goes round system, light and dark. */
export function ThemeToggle(): VNode {
  const [choice, setChoice] = useState(() => readThemeChoice(localStorage));
  const advance = (): void => {
    const next = nextThemeChoice(choice);
    storeThemeChoice(localStorage, next);
    applyThemeChoice(document.documentElement, next);
    setChoice(next);
  };
  const label = `Theme: ${choice}. Change to ${nextThemeChoice(choice)}`;
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={advance}>
      <Icon name={ICONS[choice]} />
    </button>
  );
}
