#!/usr/bin/env node
import { spawn } from 'node:child_process';
import { REPOSITORY } from '../stack/layout.mjs';
import { runMain, StackError } from '../stack/progress.mjs';
import { describeStack, startStack } from '../stack/stack.mjs';
import { buildIfStale } from './build-if-stale.mjs';
import { ensureKeys } from './keys.mjs';
import { mainFileOf, serviceEnvironment } from './local-environment.mjs';

/** Runs one service in the foreground with the local defaults; what the environment says wins. */
runMain(async () => {
  const app = process.argv[2];
  if (app !== 'admin-api' && app !== 'connector-worker') {
    throw new StackError('usage: run-service.mjs admin-api|connector-worker');
  }
  const named = process.env.LOCKSTEP_ELASTICSEARCH_URL;
  await buildIfStale();
  const elasticsearchUrl = named || (await startedElasticsearch());
  await ensureKeys();
  const child = spawn(process.execPath, ['--enable-source-maps', mainFileOf(app)], {
    cwd: REPOSITORY,
    env: serviceEnvironment(app, { elasticsearchUrl }),
    stdio: 'inherit',
  });
  // A terminal's Ctrl-C reaches the child by itself; a signal sent to this process alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  const code = await new Promise((resolve, reject) => child.on('exit', resolve).on('error', reject));
  process.exitCode = code ?? 1;
});

async function startedElasticsearch() {
  const stack = await startStack();
  describeStack(stack);
  return stack.elasticsearch.url;
}
