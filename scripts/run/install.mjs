#!/usr/bin/env node
import { REPOSITORY } from '../stack/layout.mjs';
import { runMain, StackError, step } from '../stack/progress.mjs';
import { lastLines, runCommand } from '../stack/run-command.mjs';

/**
 * Installs exactly what the lock file says. No package needs its install scripts. Warnings about newer engines are
 * left out: the versions are tried with every Node.js that package.json admits.
 */
runMain(() =>
  step('installing the packages', async () => {
    const result = await runCommand('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'], {
      cwd: REPOSITORY,
    });
    if (result.code === 0) return;
    const errors = result.stderr.split('\n').filter((line) => line.startsWith('npm error'));
    throw new StackError(`npm ci failed: ${lastLines(errors.slice(0, 4).join('\n') || result.stderr, 4)}`);
  }),
);
