import * as fc from 'fast-check';
import type { FuzzTarget } from './fuzz-target.fixture.js';

const RUNS_PER_ROUND = 200;
const LARGEST_SEED = 0x7fffffff;

/** What one target got wrong. */
export interface FuzzFinding {
  readonly target: string;
  /** A fuzzing that begins with it finds this in its first round. */
  readonly seed: number;
  /** The smallest input that was found, as text. */
  readonly input: string;
  readonly message: string;
}

/** One target asked once, with as many inputs as a round has. */
export interface FuzzStep {
  readonly target: string;
  readonly executions: number;
  readonly finding: FuzzFinding | null;
}

/**
 * Asks the targets in turn, for as long as steps are taken. Everything follows from the seed: the first round uses it
 * itself, so that the seed of any round can be given to see that round again. A target with a finding is not asked any
 * more, it would say the same; the end is when none is left.
 * @param seed 0 … 2^31 − 1
 */
export function* fuzz(targets: readonly FuzzTarget[], seed: number): Generator<FuzzStep, void> {
  let asked = [...targets];
  for (let roundSeed = seed; asked.length > 0; roundSeed = nextSeed(roundSeed)) {
    const failed = new Set<FuzzTarget>();
    for (const target of asked) {
      const done = step(target, roundSeed);
      if (done.finding !== null) failed.add(target);
      yield done;
    }
    asked = asked.filter((target) => !failed.has(target));
  }
}

function step(target: FuzzTarget, seed: number): FuzzStep {
  let executions = 0;
  const property = target.property((count) => (executions += count));
  const details = fc.check(property, { seed, numRuns: RUNS_PER_ROUND });
  if (!details.failed) return { target: target.name, executions, finding: null };
  const { counterexample, errorInstance } = details;
  const message = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const finding = { target: target.name, seed, input: fc.stringify(counterexample), message };
  return { target: target.name, executions, finding };
}

/** Mulberry32's finaliser: neighbouring seeds have nothing in common. */
function nextSeed(seed: number): number {
  let mixed = (seed + 0x6d2b79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) & LARGEST_SEED;
}
