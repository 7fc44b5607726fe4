import { HeartbeatAge } from './heartbeat-age.js';
import { HeldLeases } from './held-leases.js';

class ManualClock {
  constructor(
    public monotonic = 1_000,
    public wall = 1_700_000_000_000,
  ) {}
  nowMs = (): number => this.wall;
  monotonicMs = (): number => this.monotonic;
}

describe('heartbeat age', () => {
  it('is infinite before the first beat and after a fence', () => {
    const age = new HeartbeatAge(new ManualClock());
    expect(age.ageMs()).toBe(Infinity);
    age.acknowledged(age.now());
    expect(age.ageMs()).toBe(0);
    age.forget();
    expect(age.ageMs()).toBe(Infinity);
  });

  it.each([
    ['both clocks go on', 3_000, 3_000, 3_000],
    ['the machine was suspended', 10, 60_000, 60_000],
    ['the wall clock was set back an hour', 3_000, -3_600_000, 3_000],
    ['the wall clock was set forward an hour', 3_000, 3_600_000, 3_600_000],
  ])('%s', (_name, monotonicMs, wallMs, expected) => {
    const clock = new ManualClock();
    const age = new HeartbeatAge(clock);
    age.acknowledged(age.now());
    clock.monotonic += monotonicMs;
    clock.wall += wallMs;
    expect(age.ageMs()).toBe(expected);
  });

  it('counts from when the beat was sent, not from when its answer came', () => {
    const clock = new ManualClock();
    const age = new HeartbeatAge(clock);
    const sentAt = age.now();
    clock.monotonic += 30_000;
    age.acknowledged(sentAt);
    expect(age.ageMs()).toBe(30_000);
  });
});

describe('held leases', () => {
  it('have one place per partition, from the asking on', () => {
    const held = new HeldLeases();
    expect(held.reserve('p')).toBe(true);
    expect(held.reserve('p')).toBe(false);
    expect(held.partitions()).toEqual([]);
    held.add({ partition: 'p', fence: () => undefined });
    expect(held.partitions()).toEqual(['p']);
    held.free('p');
    expect(held.reserve('p')).toBe(true);
  });

  it('are all fenced, even those that free their place while it happens', () => {
    const held = new HeldLeases();
    const fenced: string[] = [];
    for (const partition of ['a', 'b', 'c']) {
      held.reserve(partition);
      held.add({
        partition,
        fence: () => {
          fenced.push(partition);
          held.free(partition);
        },
      });
    }
    held.fenceAll();
    expect(fenced).toEqual(['a', 'b', 'c']);
    expect(held.partitions()).toEqual([]);
  });
});
