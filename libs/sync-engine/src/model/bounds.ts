import type { ModelBounds } from './model-state.js';

/** A first bulk sync, and what may happen during it. */
export const first: ModelBounds = {
  maxChanges: 3,
  maxOtherChanges: 0,
  maxCrashes: 1,
  maxTombstoneLosses: 1,
  maxOtherPages: 1,
  isOrphanThere: false,
  hasRefusals: false,
  mayFreeze: false,
  maxLeadSweeps: 0,
};

/** A target that holds a document which the source does not have. */
export const resync: ModelBounds = { ...first, maxChanges: 2, isOrphanThere: true };

/** Some states are refused by the index and have to stand as dead letters. */
export const refusing: ModelBounds = {
  ...first,
  hasRefusals: true,
  maxChanges: 2,
  maxOtherChanges: 1,
  maxOtherPages: 0,
  maxTombstoneLosses: 0,
};

/** One state that is refused, and a crash: what was refused is read and written again with the version it had. */
export const refusedAgain: ModelBounds = { ...refusing, maxChanges: 1, maxOtherChanges: 0 };

/** A worker freezes with requests on their way, and another one takes over. */
export const freezing: ModelBounds = { ...first, maxOtherPages: 0, mayFreeze: true };

/** A part of a collection, of which the lead of the generation sweeps the index. */
export const dividing: ModelBounds = { ...first, maxCrashes: 0, maxOtherPages: 0, maxLeadSweeps: 1 };

/** Elasticsearch never forgets a deletion: then versions alone are enough. */
export const remembering: ModelBounds = { ...resync, maxTombstoneLosses: 0 };

/** More of everything: minutes, not seconds. */
export const DEEP_BOUNDS: Readonly<Record<string, ModelBounds>> = {
  'a first bulk sync with four changes': { ...first, maxChanges: 4 },
  'a first bulk sync with two crashes': { ...first, maxCrashes: 2 },
  'a first bulk sync beside another document': { ...first, maxOtherChanges: 1 },
  'a resync with three changes': { ...resync, maxChanges: 3 },
  'three changes with refusals': { ...refusing, maxChanges: 3 },
  'refusals and forgotten deletions': { ...refusing, maxTombstoneLosses: 1 },
  'two workers that freeze': { ...freezing, maxChanges: 2, maxCrashes: 2 },
  'a sweep by the lead, and a crash': { ...dividing, maxCrashes: 1 },
  'two sweeps by the lead': { ...dividing, maxLeadSweeps: 2 },
  'a sweep by the lead, and a worker that freezes': { ...dividing, maxChanges: 2, maxCrashes: 1, mayFreeze: true },
  'a sweep by the lead, and refusals': { ...refusing, maxLeadSweeps: 1 },
  'a worker that freezes in a resync': { ...resync, mayFreeze: true },
};
