import type { StateIndexName } from './state-indices.js';

/** The alias that one kind of our own documents is read and written by: `<prefix>-<name>`. */
export function stateAlias(prefix: string, name: StateIndexName): string {
  return `${prefix}-${name}`;
}
