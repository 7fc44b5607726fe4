#!/usr/bin/env node
// Kills a worker at every kill point under write load and compares both sides after each. --seed · --points a,b (all)
import { randomInt } from 'node:crypto';
import { readArguments, wholeNumber } from '../sample-data/arguments.mjs';
import { runMain } from '../stack/progress.mjs';
import { runE2eTest } from './one-e2e-test.mjs';

runMain(async () => {
  const args = readArguments({
    seed: { type: 'string', fallback: String(randomInt(1_000_000)) },
    points: { type: 'string', fallback: 'all' },
  });
  const seed = wholeNumber(args.seed, 'seed', { min: 0, max: 1_000_000_000 });
  process.exitCode = await runE2eTest('chaos-kill-points', {
    LOCKSTEP_TEST_SEED: String(seed),
    LOCKSTEP_TEST_KILLS: String(args.points),
  });
});
