#!/usr/bin/env node
// Runs the faults that take too long for every run of the tests, one file after the other.
import { runMain } from '../stack/progress.mjs';
import { buildIfStale } from './build-if-stale.mjs';
import { jestInForeground } from './in-foreground.mjs';

runMain(async () => {
  await buildIfStale();
  process.exitCode = await jestInForeground(['--selectProjects', 'chaos', '--runInBand', ...process.argv.slice(2)]);
});
