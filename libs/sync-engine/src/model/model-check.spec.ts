import { explore } from './explore.js';
import type { ModelBounds } from './model.js';
import { SOUND_RULES, type Rules } from './rules.js';

const first: ModelBounds = {
  maxChanges: 3,
  maxOtherChanges: 0,
  maxCrashes: 1,
  maxTombstoneLosses: 1,
  maxOtherPages: 1,
  isOrphanThere: false,
  hasRefusals: false,
};
const resync: ModelBounds = { ...first, maxChanges: 2, isOrphanThere: true };
/** Some states are refused by the index and have to stand as dead letters. */
const refusing: ModelBounds = {
  ...first,
  hasRefusals: true,
  maxChanges: 2,
  maxOtherChanges: 1,
  maxOtherPages: 0,
  maxTombstoneLosses: 0,
};
/** Elasticsearch never forgets a deletion: then versions alone are enough. */
const remembering: ModelBounds = { ...resync, maxTombstoneLosses: 0 };

describe('the algorithm, searched exhaustively', () => {
  it.each([
    ['a first bulk sync', first],
    ['a resync of a target that holds an orphan', resync],
    ['states that the index refuses', refusing],
    ['four changes without a crash', { ...first, maxChanges: 4, maxCrashes: 0 }],
  ])('holds for %s', (_, bounds) => {
    const { states, violation } = explore(SOUND_RULES, bounds);
    expect(violation).toBeNull();
    expect(states).toBeGreaterThan(1_000);
  });

  it('needs turns only because Elasticsearch forgets deletions', () => {
    expect(explore({ ...SOUND_RULES, turns: 'ignored' }, remembering).violation).toBeNull();
  });

  it.each<[string, Partial<Rules>, ModelBounds?]>([
    ['a scan version later than H', { scanVersion: 'readTime' }],
    ['a stream version later than the event', { streamVersion: 'lookUpTime' }],
    ['a scan read before H', { scanReads: 'anything' }],
    ['a look-up before the event', { lookUps: 'anything' }],
    ['no versions', { versionType: 'none', turns: 'ignored' }],
    ['a checkpoint before the acknowledgement', { checkpoint: 'beforeAcknowledgement' }],
    ['scan and stream in flight together', { turns: 'ignored' }],
    ['a stream that starts now', { streamStart: 'now' }],
    ['absences ignored', { absence: 'ignore' }],
    ['a session that reads as of before its beginning', { floor: 'none' }, refusing],
    ['an unversioned sweep beside the stream', { sweepVersion: 'none', turns: 'ignored' }, remembering],
  ])('finds what goes wrong with %s', (_, mutation, bounds = first) => {
    expect(explore({ ...SOUND_RULES, ...mutation }, bounds).violation).not.toBeNull();
  });
});
