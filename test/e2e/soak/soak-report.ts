import { DIFFERENCES, type FaultKind, type Takeover } from '@lockstep/testing';
import type { FaultPlayer } from './fault-player';
import type { SoakRig } from './soak-rig';

/** What a comparison behind a round of faults saw. */
export interface RoundResult {
  /** Documents that were compared, by id and content. */
  readonly documents: number;
  /** Documents that stand as open dead letters, exactly. */
  readonly refused: number;
  readonly differences: Readonly<Record<(typeof DIFFERENCES)[number], number>>;
  /** From the end of the last fault until everything agreed, milliseconds. */
  readonly agreedMs: number;
}

type Counts = Readonly<Record<string, number>>;

/** What is left of a soak: figures of one run. */
export interface SoakReport {
  readonly seed: number;
  /** Time with faults in all, seconds. */
  readonly seconds: number;
  readonly faults: number;
  readonly faultsByKind: Partial<Record<FaultKind, number>>;
  /** Faults of the plan that met another one of the same place, or had nothing to act on. */
  readonly skipped: number;
  readonly rounds: readonly RoundResult[];
  readonly sourceWrites: Counts;
  /** Counters of all jobs, as they were stored last. */
  readonly work: Counts;
  readonly jobs: Counts;
  /** Partitions of all generations whose leases were looked at. */
  readonly partitionsWatched: number;
  /** How long partitions were without a holder, by what ended or held the former one; seconds, ascending. */
  readonly takeoverSeconds: Readonly<Record<string, readonly number[]>>;
  /** What must never be. */
  readonly violations: readonly string[];
}

export interface SoakReportOptions {
  readonly rig: SoakRig;
  readonly player: FaultPlayer;
  readonly rounds: readonly RoundResult[];
  readonly seed: number;
  readonly seconds: number;
}

export async function soakReport({ rig, player, rounds, seed, seconds }: SoakReportOptions): Promise<SoakReport> {
  const jobs = (await Promise.all(rig.connectors.map(({ id }) => rig.lockstep.jobs(id)))).flat();
  const { ledger, seen } = rig.leases;
  const { takeovers } = ledger;
  const causes = [...new Set(takeovers.map(({ cause }) => cause))].sort();
  return {
    seed,
    seconds,
    faults: player.total,
    faultsByKind: Object.fromEntries([...player.injected].sort(([, a], [, b]) => b - a)),
    skipped: player.skipped,
    rounds,
    sourceWrites: sum(rig.connectors.map(({ writer }) => ({ ...writer.counts }))),
    work: sum(jobs.map(({ counters }) => counters)),
    jobs: sum(jobs.map(({ type, state }) => ({ [`${type} ${state}`]: 1 }))),
    partitionsWatched: seen.size,
    takeoverSeconds: Object.fromEntries(causes.map((cause) => [cause, secondsOf(cause, takeovers)])),
    violations: rig.violations,
  };
}

/** The report for people, line by line. */
export function reportLines(report: SoakReport): string[] {
  const total = (of: (round: RoundResult) => number): number =>
    report.rounds.reduce((before, round) => before + of(round), 0);
  const verdict = DIFFERENCES.map((kind) => `${kind} ${total((one) => one.differences[kind])}`).join(', ');
  return [
    `seed ${report.seed}: ${report.faults} faults in ${report.rounds.length} rounds, ${report.skipped} of the plan left out`,
    `faults: ${list(report.faultsByKind)}`,
    `compared: ${total((one) => one.documents)} documents; ${verdict}; dead letters as they should be: ${total((one) => one.refused)}`,
    `both sides agreed behind a round in ${spread(report.rounds.map(({ agreedMs }) => agreedMs / 1_000))}`,
    `written to the source: ${list(report.sourceWrites)}`,
    `work of the jobs: ${list(report.work)}`,
    `jobs: ${list(report.jobs)}`,
    `partitions whose leases were watched: ${report.partitionsWatched}`,
    ...Object.entries(report.takeoverSeconds).map(
      ([cause, times]) => `partitions taken over after ${cause}: ${times.length} in ${spread(times)}`,
    ),
    ...report.violations,
  ];
}

function secondsOf(cause: string, takeovers: readonly Takeover[]): readonly number[] {
  const own = takeovers.filter((one) => one.cause === cause);
  return own.map(({ tookMs }) => Math.round(tookMs / 100) / 10).sort((a, b) => a - b);
}

function spread(seconds: readonly number[]): string {
  const sorted = [...seconds].sort((a, b) => a - b);
  const at = (share: number): string => `${(sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(1)} s`;
  return `${at(0.5)} (median), ${at(0.95)} (95 %), ${at(1)} (longest)`;
}

function sum(all: readonly Counts[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const one of all) for (const [name, count] of Object.entries(one)) total[name] = (total[name] ?? 0) + count;
  return total;
}

function list(counts: Partial<Counts>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
