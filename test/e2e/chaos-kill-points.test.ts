import { KILL_POINTS } from '@lockstep/core';
import { KillLane, type KillReport } from './kill-points/kill-lane';
import { KILL_SCENARIOS, planKills, type KillPlan } from './kill-points/kill-scenarios';

const LANES = 2;
/** `make kill-points` names a seed and asks for all points, or for some by their names; the suite has a few, always the same. */
const seed = Number(process.env.LOCKSTEP_TEST_SEED ?? 20_787);
const asked = process.env.LOCKSTEP_TEST_KILLS ?? '8';
const plan = chosen(planKills(seed), asked);

describe('a worker that is killed where a crash matters', () => {
  const lanes = Array.from({ length: LANES }, (_, lane) => new KillLane(seed + lane));

  beforeAll(() => Promise.all(lanes.map((lane) => lane.start())), 240_000);

  afterAll(() => Promise.all(lanes.map((lane) => lane.stop())), 240_000);

  it('has a way to every kill point there is', () => {
    expect(Object.keys(KILL_SCENARIOS).sort()).toEqual(Object.keys(KILL_POINTS).sort());
  });

  it(
    `converges after every kill (seed ${seed}, ${plan.length} of ${Object.keys(KILL_POINTS).length} points)`,
    async () => {
      const survived: string[] = [];
      const failures: string[] = [];
      const waiting = [...plan];
      const run = async (lane: KillLane): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          try {
            say(line(await lane.kill(next)));
            survived.push(next.point);
          } catch (error) {
            failures.push(`${next.point}:${next.nth}: ${(error as Error).message}`);
            say(failures.at(-1)!);
          }
        }
      };
      await Promise.all(lanes.map(run));
      expect(failures).toEqual([]);
      await Promise.all(lanes.map((lane) => lane.expectTidy()));
      expect(survived.sort()).toEqual(plan.map(({ point }) => point).sort());
    },
    120_000 + plan.length * 60_000,
  );
});

function chosen(all: readonly KillPlan[], wish: string): readonly KillPlan[] {
  if (wish === 'all') return all;
  return /^\d+$/.test(wish) ? all.slice(0, Number(wish)) : all.filter(({ point }) => wish.split(',').includes(point));
}

function line({ point, nth, livedMs, recoveredMs, compared }: KillReport): string {
  return `killed at ${`${point}:${nth}`.padEnd(24)} after ${livedMs} ms; ${compared} documents agree ${recoveredMs} ms later`;
}

function say(text: string): void {
  process.stdout.write(`  ${text}\n`);
}
