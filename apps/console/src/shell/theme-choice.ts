/** What the operator chose; `system` follows the browser. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'lockstep.theme';
const ORDER: readonly ThemeChoice[] = ['system', 'light', 'dark'];

export function readThemeChoice(storage: Storage): ThemeChoice {
  const stored = storage.getItem(KEY);
  return ORDER.find((choice) => choice === stored) ?? 'system';
}

export function storeThemeChoice(storage: Storage, choice: ThemeChoice): void {
  if (choice === 'system') storage.removeItem(KEY);
  else storage.setItem(KEY, choice);
}

export function nextThemeChoice(choice: ThemeChoice): ThemeChoice {
  return ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length] ?? 'system';
}

/** Puts the choice into effect; the style sheet follows the attribute, and the system without it. */
export function applyThemeChoice(root: HTMLElement, choice: ThemeChoice): void {
  if (choice === 'system') delete root.dataset.theme;
  else root.dataset.theme = choice;
}
