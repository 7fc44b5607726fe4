import { SeededRandom } from '../load/seeded-random.js';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.js';

/** A fault that is to come. */
export interface PlannedFault {
  /** From the start of its round, milliseconds. */
  readonly atMs: number;
  readonly kind: FaultKind;
  /** Which worker or connector, from 0; 0 for servers. */
  readonly subject: number;
  readonly durationMs: number;
  /** For choices within the fault. */
  readonly seed: number;
}

/** Faults on top of each other; behind a round everything is healed and both sides are compared. */
export type FaultRound = readonly PlannedFault[];

export interface FaultPlanOptions {
  readonly seed: number;
  /** Time with faults in all, seconds. */
  readonly seconds: number;
  readonly workers: number;
  readonly connectors: number;
}

const ROUND_MS = 40_000;
/** Time between two faults: shortest and longest, milliseconds. */
const GAP_MS = [100, 800] as const;

/** The rounds of a soak: a pure function of its options. A longer plan begins with the same rounds. */
export function planFaults(options: FaultPlanOptions): FaultRound[] {
  const totalMs = options.seconds * 1_000;
  const rounds: FaultRound[] = [];
  for (let atMs = 0; atMs < totalMs; atMs += ROUND_MS) {
    const round = planRound(new SeededRandom(options.seed * 1_000 + rounds.length), options);
    rounds.push(round.filter((one) => atMs + one.atMs < totalMs));
  }
  return rounds;
}

function planRound(random: SeededRandom, { workers, connectors }: FaultPlanOptions): FaultRound {
  const weights = Object.fromEntries(Object.entries(FAULT_KINDS).map(([kind, { weight }]) => [kind, weight]));
  const subjects = { worker: workers, connector: connectors, mongodb: 1, elasticsearch: 1 };
  const faults: PlannedFault[] = [];
  for (let atMs = random.int(...GAP_MS); atMs < ROUND_MS; atMs += random.int(...GAP_MS)) {
    const kind = random.pickWeighted(weights) as FaultKind;
    const { subject, durationMs } = FAULT_KINDS[kind];
    faults.push({
      atMs,
      kind,
      subject: random.int(0, subjects[subject] - 1),
      durationMs: random.int(...durationMs),
      seed: random.int(0, 2 ** 31),
    });
  }
  return faults;
}
