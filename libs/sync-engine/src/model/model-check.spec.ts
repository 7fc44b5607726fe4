import { dividing, first, freezing, refusedAgain, refusing, remembering, resync } from './bounds.js';
import { explore } from './explore.js';
import type { ModelBounds } from './model-state.js';
import { SOUND_RULES, type Rules } from './rules.js';

describe('the algorithm, searched exhaustively', () => {
  it.each([
    ['a first bulk sync', first],
    ['a resync of a target that holds an orphan', resync],
    ['states that the index refuses', refusing],
    ['a worker that freezes', freezing],
    ['a part that its lead sweeps', dividing],
    ['four changes without a crash', { ...first, maxChanges: 4, maxCrashes: 0 }],
  ])('holds for %s', (_, bounds) => {
    const { states, violation } = explore(SOUND_RULES, bounds);
    expect(violation).toBeNull();
    expect(states).toBeGreaterThan(1_000);
  });

  it('needs turns only because Elasticsearch forgets deletions', () => {
    expect(explore({ ...SOUND_RULES, turns: 'ignored' }, remembering).violation).toBeNull();
  });

  it('refuses late requests only because Elasticsearch forgets deletions', () => {
    const bounds = { ...freezing, maxTombstoneLosses: 0 };
    expect(explore({ ...SOUND_RULES, lateWrites: 'taken' }, bounds).violation).toBeNull();
  });

  it.each<[string, Partial<Rules>, ModelBounds?]>([
    ['a scan version later than H', { scanVersion: 'readTime' }],
    ['a stream version later than the event', { streamVersion: 'lookUpTime' }],
    ['a scan read before H', { scanReads: 'anything' }],
    ['a look-up before the event', { lookUps: 'anything' }],
    // What the version refuses tells nothing of the content: a dead letter that a crash has lost is not made again.
    ['versions that refuse equal ones', { versionType: 'external' }, refusedAgain],
    ['no versions', { versionType: 'none', turns: 'ignored' }],
    ['a checkpoint before the acknowledgement', { checkpoint: 'beforeAcknowledgement' }],
    ['scan and stream in flight together', { turns: 'ignored' }],
    ['a stream that starts now', { streamStart: 'now' }],
    ['absences ignored', { absence: 'ignore' }],
    ['a session that reads as of before its beginning', { floor: 'none' }, refusing],
    ['late requests of a frozen worker', { lateWrites: 'taken' }, freezing],
    ['a removal by the lead that is as new as its arrival', { leadSweepVersion: 'arrival' }, dividing],
    ['an unversioned sweep beside the stream', { sweepVersion: 'none', turns: 'ignored' }, remembering],
  ])('finds what goes wrong with %s', (_, mutation, bounds = first) => {
    expect(explore({ ...SOUND_RULES, ...mutation }, bounds).violation).not.toBeNull();
  });
});
