import { writeFile } from 'node:fs/promises';
import { DIFFERENCES, planFaults } from '@lockstep/testing';
import { FaultPlayer } from './soak/fault-player';
import { SoakRig } from './soak/soak-rig';
import { reportLines, soakReport, type RoundResult, type SoakReport } from './soak/soak-report';

/** `make soak` names a seed and a time; the suite has a short one, always the same. */
const seed = Number(process.env.LOCKSTEP_TEST_SEED ?? 20_787);
const seconds = Number(process.env.LOCKSTEP_TEST_SOAK_SECONDS ?? 15);
const reportFile = process.env.LOCKSTEP_TEST_SOAK_REPORT;
const [workers, connectors] = [3, 3];

describe('workers under load while everything fails', () => {
  const rig = new SoakRig({ seed, workers, connectors });

  beforeAll(() => rig.start(), 300_000);

  afterAll(() => rig.stop(), 120_000);

  it(
    `agree with the source after every round of faults (seed ${seed}, ${seconds} s)`,
    async () => {
      const player = new FaultPlayer(rig, say);
      const rounds: RoundResult[] = [];
      for (const round of planFaults({ seed, seconds, workers, connectors })) {
        await player.play(round);
        rounds.push(await compare());
        const { documents, agreedMs } = rounds.at(-1)!;
        say(`round ${rounds.length}: ${documents} documents agree, ${player.total} faults so far, ${agreedMs} ms`);
        await keep(await soakReport({ rig, player, rounds, seed, seconds }));
      }
      const report = await soakReport({ rig, player, rounds, seed, seconds });
      for (const line of reportLines(report)) say(line);
      expect(report.violations).toEqual([]);
      // One of the connectors is divided.
      expect(report.partitionsWatched).toBeGreaterThan(connectors);
      expect(player.total).toBeGreaterThan(seconds / 5);
    },
    300_000 + seconds * 6_000,
  );

  /** Heals everything, lets the load pause, and compares. */
  async function compare(): Promise<RoundResult> {
    const startedMs = performance.now();
    await rig.heal();
    await Promise.all(rig.connectors.map(({ writer }) => writer.pause()));
    await Promise.all(rig.connectors.map((connector) => connector.untilQuiet()));
    const results = await Promise.all(rig.connectors.map((connector) => connector.settled()));
    for (const { writer } of rig.connectors) writer.resume();
    const total = (of: (one: (typeof results)[number]) => number): number =>
      results.reduce((sum, one) => sum + of(one), 0);
    return {
      documents: total(({ checked, refused }) => checked + refused),
      refused: total(({ refused }) => refused),
      differences: Object.fromEntries(
        DIFFERENCES.map((kind) => [kind, total((one) => one[kind].length)]),
      ) as RoundResult['differences'],
      agreedMs: Math.round(performance.now() - startedMs),
    };
  }
});

/** After every round, so that a soak that is cut short leaves the figures of the rounds before. */
async function keep(report: SoakReport): Promise<void> {
  if (reportFile !== undefined) await writeFile(reportFile, `${JSON.stringify(report, null, 2)}\n`);
}

function say(line: string): void {
  process.stdout.write(`  ${line}\n`);
}
