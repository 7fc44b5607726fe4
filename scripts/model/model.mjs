#!/usr/bin/env node
// Searches the model of the algorithm exhaustively, deeper than the test suite does. Takes minutes; ends with 1 when a
// history is found that loses, resurrects or invents a document, and prints it.
import { runMain } from '../sample-data/arguments.mjs';
import { say } from '../stack/progress.mjs';
import { ModuleRoom } from '../typescript/module-room.mjs';

const MODEL = 'libs/sync-engine/src/model';

runMain(() => {
  const room = new ModuleRoom();
  const { explore } = room.load(`${MODEL}/explore.ts`);
  const { DEEP_BOUNDS } = room.load(`${MODEL}/bounds.ts`);
  const { SOUND_RULES } = room.load(`${MODEL}/rules.ts`);
  let total = 0;
  for (const [name, bounds] of Object.entries(DEEP_BOUNDS)) {
    const startedMs = performance.now();
    const { states, violation } = explore(SOUND_RULES, bounds, { isCompact: true });
    total += states;
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    say(`${violation === null ? '✔' : '✘'} ${name}: ${states} states in ${seconds} s`);
    if (violation === null) continue;
    process.exitCode = 1;
    say([violation.what, ...violation.path].join('\n  '));
  }
  process.stdout.write(`${total} states, ${process.exitCode === 1 ? 'with' : 'no'} violation\n`);
  return Promise.resolve();
});
