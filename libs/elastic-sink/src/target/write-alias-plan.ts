import { LockstepError } from '@lockstep/core';
import { fenceOf, type TargetNames } from './target-names.js';

export interface WriteAliasPlan {
  /** The index has a write alias of ours, whichever. */
  readonly isKnown: boolean;
  /** Alias actions for one request: the alias of this holder is there after it, those of former holders are not. */
  readonly actions: readonly object[];
}

/**
 * How the write alias of an index comes to the holder with this fence. A plan that arrives late, after another holder
 * has carried out its own, fails as a whole, because what it removes is gone.
 * @param aliases of the index, any
 * @throws LockstepError JOB_LEASE_LOST when a later holder has it
 */
export function planWriteAlias(names: TargetNames, fence: number, aliases: readonly string[]): WriteAliasPlan {
  const { index, writeAlias } = names;
  const known = aliases.filter((alias) => fenceOf(names, alias) !== null);
  if (known.some((alias) => (fenceOf(names, alias) ?? 0) > fence)) {
    throw new LockstepError('JOB_LEASE_LOST', `a later holder writes to ${index}`);
  }
  const former = known.filter((alias) => alias !== writeAlias);
  const actions = former.map((alias): object => ({ remove: { index, alias, must_exist: true } }));
  if (!known.includes(writeAlias)) {
    actions.push({ add: { index, alias: writeAlias, is_write_index: true, is_hidden: true } });
  }
  return { isKnown: known.length > 0, actions };
}
