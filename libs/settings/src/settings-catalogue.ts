import type { AppName } from './settings.js';

/** One environment variable. */
export interface SettingDefinition {
  readonly name: string;
  readonly description: string;
  /** Who reads it. `make` variables are known to the apps and ignored by them. */
  readonly readBy: readonly (AppName | 'make')[];
  readonly default: string | null;
  /** Apps that do not start without it. */
  readonly requiredBy: readonly AppName[];
  /** Never printed; may come from the file that `<name>_FILE` names. */
  readonly isSecret: boolean;
}

export const SETTINGS_CATALOGUE: readonly SettingDefinition[] = [];
