import fc from 'fast-check';
import { MAX_RESTARTS, observe, type Observed, type Sighting } from './holder-observation.js';

const HOLDER = { incarnation: 'a', startedAt: 't1' };
const LIMITS = { allowedMs: 15_000, maxGapMs: 5_000 };
const seen = (beat: number, sinceMs: number, lookedAtMs = sinceMs, restarts = 0): Sighting => ({
  ...{ beat, sinceMs, lookedAtMs, restarts },
});
const look = (beat: number, atMs: number, { incarnation = 'a', startedAt = 't1' } = {}) => ({
  found: { incarnation, startedAt, beat },
  askedAtMs: atMs,
  answeredAtMs: atMs + 10,
});

/** What is seen of a holder by looks at these times. */
function watch(timesMs: readonly number[], beatAt: (timeMs: number) => number): Observed['observation'][] {
  let sighting: Sighting | null = null;
  return timesMs.map((timeMs) => {
    const observed: Observed = observe(HOLDER, sighting, look(beatAt(timeMs), timeMs), LIMITS);
    sighting = observed.sighting;
    return observed.observation;
  });
}

describe('observation of a holder', () => {
  it.each([
    ['no document', null, { found: undefined, askedAtMs: 0, answeredAtMs: 1 }, 'gone', null],
    ['no document any more', seen(3, 0), { found: undefined, askedAtMs: 5, answeredAtMs: 6 }, 'gone', null],
    ['another process', seen(3, 0), look(3, 5, { incarnation: 'b', startedAt: 't2' }), 'gone', null],
    ['the same process, fenced', seen(3, 0), look(3, 5, { incarnation: 'b' }), 'fenced', null],
    ['first sight', null, look(3, 5), 'watching', seen(3, 15)],
    ['the beat moved', seen(3, 0), look(4, 99_000), 'alive', seen(4, 99_010)],
    ['the beat stands', seen(3, 100, 14_000), look(3, 15_099), 'watching', seen(3, 100, 15_109)],
    ['the beat stood all the time', seen(3, 100, 14_000), look(3, 15_100), 'gone', null],
    ['the last look was long ago', seen(3, 100, 14_000), look(3, 19_000), 'watching', seen(3, 19_010, 19_010, 1)],
    ['the last look was just not too long ago', seen(3, 100, 14_000), look(3, 18_990), 'gone', null],
    ['looks are rare by habit', seen(3, 100, 14_000, MAX_RESTARTS), look(3, 99_000), 'gone', null],
  ] as const)('%s', (_name, before, now, observation, sighting) => {
    expect(observe(HOLDER, before, now, LIMITS)).toEqual({ observation, sighting });
  });

  it('takes a holder that does not say when its process started for gone', () => {
    const now = look(3, 5, { incarnation: 'b' });
    expect(observe({ incarnation: 'a' }, null, now, LIMITS).observation).toBe('gone');
  });

  it('does not count a living holder as dead for an outage in which nobody could look', () => {
    const afterOutageMs = 60_000;
    const timesMs = [0, 1_000, 2_000, afterOutageMs, 61_000, 62_000, 63_000];
    // Its next beat comes when the store is back, but later than the challenger's next look.
    const observed = watch(timesMs, (timeMs) => (timeMs < afterOutageMs + 2_500 ? 7 : 8));
    expect(observed).toEqual([...Array.from({ length: 6 }, () => 'watching'), 'alive']);
  });

  it('counts a look that hung for an outage as the end of it', () => {
    const hanging = { ...look(3, 3_000), answeredAtMs: 40_000 };
    const { sighting } = observe(HOLDER, seen(3, 0, 2_000), hanging, LIMITS);
    expect(observe(HOLDER, sighting, look(3, 41_000), LIMITS).observation).toBe('watching');
  });

  it.each([
    ['every second', 1_000, 16_000],
    ['just not too rarely', 4_990, 19_960],
    ['every ten seconds', 10_000, 50_000],
    ['every minute', 60_000, 240_000],
  ])('finds out a dead holder by looks %s', (_name, everyMs, foundAtMs) => {
    const timesMs = Array.from({ length: 100 }, (_, i) => i * everyMs);
    const observed = watch(timesMs, () => 7);
    expect(timesMs[observed.indexOf('gone')]).toBe(foundAtMs);
  });

  const gaps = fc.array(fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 60_000 })), {
    maxLength: 60,
  });

  it('never gives up a holder whose beat moves at least every TTL, however the looks fall', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 10_000 }), (waits, everyMs) => {
        let nowMs = 0;
        const timesMs = waits.map((waitMs) => (nowMs += waitMs));
        expect(watch(timesMs, (timeMs) => Math.floor(timeMs / everyMs))).not.toContain('gone');
      }),
    );
  });

  it('never gives up a holder unless looks without a gap saw the same beat for the whole time', () => {
    fc.assert(
      fc.property(gaps, (waits) => {
        let nowMs = 0;
        const timesMs = waits.map((waitMs) => (nowMs += waitMs));
        const end = watch(timesMs, () => 7).indexOf('gone');
        const gapEnds = timesMs.map((timeMs, i) => i > 0 && timeMs - timesMs[i - 1]! > LIMITS.maxGapMs);
        // The first gaps alone: later ones are how the looks fall.
        const restarts = gapEnds.flatMap((isGap, i) => (isGap ? [i] : [])).slice(0, MAX_RESTARTS);
        const begunAt = (i: number): number => timesMs[restarts.findLast((at) => at <= i) ?? 0]!;
        const isDue = (i: number): boolean => timesMs[i]! - begunAt(i) - 10 >= LIMITS.allowedMs;
        expect(end).toBe(timesMs.findIndex((_, i) => isDue(i)));
      }),
    );
  });
});
