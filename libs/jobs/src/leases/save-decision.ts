import { hasCode, LockstepError } from '@lockstep/core';

/**
 * What a failed save means. `reread`: the answer may be lost or another write came between, so read
 * what is there and go on if it is still ours. `fail`: trying again changes nothing.
 */
export type SaveDecision = 'reread' | 'fail';

/** Conflicts in a row after which somebody else must be writing our document with our epoch. */
export const MAX_SAVE_CONFLICTS = 50;

export function saveDecision(error: unknown): SaveDecision {
  if (hasCode(error, 'CONFIG_VERSION_CONFLICT')) return 'reread';
  if (!(error instanceof LockstepError)) return 'fail';
  return error.definition.retry === 'transient' || error.definition.retry === 'throttled' ? 'reread' : 'fail';
}
