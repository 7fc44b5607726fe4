import type { WorkerHeartbeat } from '@lockstep/contracts';
import { WorkerSightings } from './worker-sightings.js';

const WALL = Date.parse('2026-01-01T00:00:00.000Z');

function worker(beat: number, beatAtMs: number, incarnation = 'a'): WorkerHeartbeat {
  return {
    id: 'wrk_1',
    incarnation,
    version: '0.1.0',
    host: 'h',
    pid: 1,
    partitions: [],
    rssBytes: 1,
    beat,
    startedAt: new Date(WALL).toISOString(),
    beatAt: new Date(beatAtMs).toISOString(),
  };
}

describe('worker sightings', () => {
  const clock = { monotonic: 0, nowMs: () => WALL, monotonicMs: () => clock.monotonic };
  let sightings: WorkerSightings;
  beforeEach(() => {
    clock.monotonic = 0;
    sightings = new WorkerSightings(clock);
  });

  it('believes a worker its own time at first sight only', () => {
    const old = WALL - 86_400_000;
    expect(sightings.look(worker(1, old))).toEqual({ ageMs: 86_400_000, watchedMs: 0 });
    clock.monotonic += 500;
    expect(sightings.look(worker(1, old))).toEqual({ ageMs: 86_400_500, watchedMs: 500 });
    expect(sightings.look(worker(2, old))).toEqual({ ageMs: 0, watchedMs: 0 });
    clock.monotonic += 500;
    expect(sightings.look(worker(2, old))).toEqual({ ageMs: 500, watchedMs: 500 });
  });

  it('shows a worker whose clock is ahead as just seen', () => {
    expect(sightings.look(worker(1, WALL + 3_600_000)).ageMs).toBe(0);
  });

  it('takes a new incarnation for a new worker', () => {
    sightings.look(worker(7, WALL));
    clock.monotonic += 60_000;
    expect(sightings.look(worker(7, WALL, 'b')).ageMs).toBe(0);
  });

  it('has not watched while nobody could look', () => {
    sightings.look(worker(1, WALL));
    clock.monotonic += 60_000;
    expect(sightings.look(worker(1, WALL))).toEqual({ ageMs: 60_000, watchedMs: 60_000 });
    clock.monotonic += 900_000;
    expect(sightings.look(worker(1, WALL))).toEqual({ ageMs: 960_000, watchedMs: 0 });
    clock.monotonic += 60_000;
    expect(sightings.look(worker(1, WALL))).toEqual({ ageMs: 1_020_000, watchedMs: 60_000 });
  });

  it('forgets workers that are gone', () => {
    sightings.look(worker(1, WALL));
    clock.monotonic += 60_000;
    sightings.keepOnly([]);
    expect(sightings.look(worker(1, WALL)).watchedMs).toBe(0);
  });
});
