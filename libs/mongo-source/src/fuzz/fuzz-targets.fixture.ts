import { hostileIds, hostileTexts, onePerValue, thereAndBack } from './document-id-targets.fixture.js';
import type { FuzzTarget } from './fuzz-target.fixture.js';
import { hostileDocuments, likeTheReference, onceShapesAreWarm } from './transcoder-targets.fixture.js';

/** Everything that `make fuzz` asks. Each of them has a bounded run in the specs. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  hostileDocuments,
  likeTheReference,
  onceShapesAreWarm,
  hostileIds,
  hostileTexts,
  onePerValue,
  thereAndBack,
];
