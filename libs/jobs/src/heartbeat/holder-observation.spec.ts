import fc from 'fast-check';
import { observe, type Sighting } from './holder-observation.js';

const HOLDER = { incarnation: 'a', startedAt: 't1' };
const ALLOWED_MS = 15_000;
const seen = (beat: number, sinceMs: number): Sighting => ({ beat, sinceMs });
const look = (beat: number, atMs: number, { incarnation = 'a', startedAt = 't1' } = {}) => ({
  found: { incarnation, startedAt, beat },
  askedAtMs: atMs,
  answeredAtMs: atMs + 10,
});

describe('observation of a holder', () => {
  it.each([
    ['no document', null, { found: undefined, askedAtMs: 0, answeredAtMs: 1 }, 'gone', null],
    ['no document any more', seen(3, 0), { found: undefined, askedAtMs: 5, answeredAtMs: 6 }, 'gone', null],
    ['another process', seen(3, 0), look(3, 5, { incarnation: 'b', startedAt: 't2' }), 'gone', null],
    ['the same process, fenced', seen(3, 0), look(3, 5, { incarnation: 'b' }), 'fenced', null],
    ['first sight', null, look(3, 5), 'watching', seen(3, 15)],
    ['the beat moved', seen(3, 0), look(4, 99_000), 'alive', seen(4, 99_010)],
    ['the beat stands', seen(3, 100), look(3, 15_099), 'watching', seen(3, 100)],
    ['the beat stood all the time', seen(3, 100), look(3, 15_100), 'gone', null],
  ] as const)('%s', (_name, before, now, observation, sighting) => {
    expect(observe(HOLDER, before, now, ALLOWED_MS)).toEqual({ observation, sighting });
  });

  it('takes a holder that does not say when its process started for gone', () => {
    const now = look(3, 5, { incarnation: 'b' });
    expect(observe({ incarnation: 'a' }, null, now, ALLOWED_MS).observation).toBe('gone');
  });

  it('never gives up a holder whose beat moves at least every TTL, however the looks fall', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 10_000 }), (waits, everyMs) => {
        let nowMs = 0;
        let sighting: Sighting | null = null;
        for (const waitMs of waits) {
          nowMs += waitMs;
          const observed = observe(HOLDER, sighting, look(Math.floor(nowMs / everyMs), nowMs), ALLOWED_MS);
          expect(observed.observation).not.toBe('gone');
          sighting = observed.sighting;
        }
      }),
    );
  });
});
