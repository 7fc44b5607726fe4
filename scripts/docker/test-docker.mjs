#!/usr/bin/env node
// make test-docker: builds the images, brings the compose stack up, syncs through it and takes it down again. Uses the
// container engine of this machine, or one of its own with base images made from packages.
import assert from 'node:assert/strict';
import { guardedFolder } from '../stack/folder-guard.mjs';
import { runMain, say, step, StackError } from '../stack/progress.mjs';
import { makeBaseImages } from './base-images.mjs';
import { ComposeStack } from './compose-stack.mjs';
import { provideEngine } from './engine.mjs';
import { SAMPLE_SIZE, tryStack } from './try-stack.mjs';

/** @param {import('./engine.mjs').Engine} engine @param {string} folder */
async function tryImages(engine, folder) {
  if (engine.isPrivate) await makeBaseImages(engine, folder);
  const stack = new ComposeStack(engine);
  await stack.prepare(folder, SAMPLE_SIZE);
  const failure = await tryStack(stack).then(
    () => null,
    async (error) => {
      if (!engine.signal.aborted) say(await stack.logs());
      return { error };
    },
  );
  const takeDown = step('taking the stack down', () => stack.remove());
  // What went wrong first is what is told.
  if (failure !== null) await takeDown.catch((error) => say(error.message));
  else assert.deepEqual(await takeDown, [], 'nothing is left of the stack');
  if (failure !== null) throw failure.error;
}

runMain(async () => {
  const shutdown = new AbortController();
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      say('\nstopping …');
      shutdown.abort();
    });
  }
  const folder = await guardedFolder('docker');
  try {
    const engine = await provideEngine(folder.path, shutdown.signal);
    try {
      await tryImages(engine, folder.path);
    } catch (error) {
      throw shutdown.signal.aborted ? new StackError('stopped before the end') : error;
    } finally {
      await engine.stop();
    }
  } finally {
    await folder.remove();
  }
  say('the images build, the stack comes up, and changes arrive through it');
});
