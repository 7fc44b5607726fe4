import { LockstepError } from '@lockstep/core';
import type { AppName, Settings } from './settings.js';

export interface LoadedSettings {
  readonly settings: Settings;
  /** For the log, at start. */
  readonly warnings: readonly string[];
  /** Effective values by variable name, secrets as `[redacted]`. */
  readonly redacted: Readonly<Record<string, string>>;
}

/**
 * Reads and checks the environment.
 * @throws LockstepError SETTINGS_INVALID naming every variable that is wrong
 */
export function loadSettings(_app: AppName, _env: NodeJS.ProcessEnv = process.env): LoadedSettings {
  throw new LockstepError('INTERNAL_ERROR');
}
