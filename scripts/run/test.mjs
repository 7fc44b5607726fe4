#!/usr/bin/env node
import { runMain, say, StackError, step } from '../stack/progress.mjs';
import { ensureChromium } from '../stack/tools.mjs';
import { buildIfStale } from './build-if-stale.mjs';
import { inForeground, jestInForeground } from './in-foreground.mjs';

async function check(name) {
  return step(name, async () => {
    if ((await inForeground('npm', ['run', '--silent', name])) !== 0) throw new StackError(`"npm run ${name}" failed`);
  });
}

/** Checks first (all of them, so that one run shows every fault), then every test. */
runMain(async () => {
  const failures = [];
  const attempt = (work) => work.catch((error) => failures.push(error.message));
  await attempt(check('typecheck'));
  await attempt(check('lint'));
  await attempt(buildIfStale());
  // Generated pages are compared with what the built catalogues say.
  if (failures.length === 0) await attempt(check('docs:check'));
  if (failures.length > 0) {
    failures.forEach((failure) => say(`error: ${failure}`));
    process.exitCode = 1;
    process.stdout.write(`0 passed, ${failures.length} failed\n`);
    return;
  }
  await ensureChromium().catch((error) => say(`the browser test will fail: ${error.message}`));
  process.exitCode = await jestInForeground([
    ...['--selectProjects', 'unit', 'integration', 'e2e'],
    '--maxWorkers=2',
    '--testTimeout=120000',
    ...process.argv.slice(2),
  ]);
});
