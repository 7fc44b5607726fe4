#!/usr/bin/env node
// Three workers under hostile load while everything fails at random; both sides are compared again and again.
// --seconds with faults (600) · --seed (a random one, which is printed) · --report <file> for the figures as JSON
import { randomInt } from 'node:crypto';
import { readArguments, wholeNumber } from '../sample-data/arguments.mjs';
import { runMain } from '../stack/progress.mjs';
import { runE2eTest } from './one-e2e-test.mjs';

runMain(async () => {
  const args = readArguments({
    seconds: { type: 'string', fallback: '600' },
    seed: { type: 'string', fallback: String(randomInt(1_000_000)) },
    report: { type: 'string' },
  });
  const seed = wholeNumber(args.seed, 'seed', { min: 0, max: 1_000_000_000 });
  const seconds = wholeNumber(args.seconds, 'seconds', { min: 1, max: 7 * 24 * 3_600 });
  process.exitCode = await runE2eTest('soak', {
    LOCKSTEP_TEST_SEED: String(seed),
    LOCKSTEP_TEST_SOAK_SECONDS: String(seconds),
    ...(args.report ? { LOCKSTEP_TEST_SOAK_REPORT: args.report } : {}),
  });
});
