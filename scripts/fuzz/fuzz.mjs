#!/usr/bin/env node
// Fuzzes the transcoder and the id codec: any BSON and changed bytes, for as long as it is told to.
// --seconds 60 · --seed a whole number, printed when it is not given; a finding names the one that brings it back
import { randomInt } from 'node:crypto';
import { setImmediate as breath } from 'node:timers/promises';
import { readArguments, runMain, wholeNumber } from '../sample-data/arguments.mjs';
import { say } from '../stack/progress.mjs';
import { ModuleRoom } from '../typescript/module-room.mjs';

const TICK_MS = 10_000;
const FUZZ = 'libs/mongo-source/src/fuzz';

/** Executions, by target and in all. */
class Tally {
  byTarget = new Map();
  findings = 0;
  #startedMs = performance.now();
  #toldMs = this.#startedMs;

  get seconds() {
    return (performance.now() - this.#startedMs) / 1_000;
  }

  add({ target, executions, finding }) {
    this.byTarget.set(target, (this.byTarget.get(target) ?? 0) + executions);
    if (finding !== null) this.findings++;
  }

  /** A sign of life now and then. */
  tell() {
    if (performance.now() - this.#toldMs < TICK_MS) return;
    this.#toldMs = performance.now();
    say(`  … ${this.text()}`);
  }

  text() {
    const executions = [...this.byTarget.values()].reduce((sum, count) => sum + count, 0);
    const findings = `${this.findings} finding${this.findings === 1 ? '' : 's'}`;
    return `${executions} executions in ${Math.round(this.seconds)} s, ${findings}`;
  }
}

runMain(async () => {
  const given = readArguments({ seconds: { type: 'string', fallback: '60' }, seed: { type: 'string' } });
  const seconds = wholeNumber(given.seconds, 'seconds', { min: 1, max: 1_000_000 });
  const seed = wholeNumber(given.seed ?? randomInt(2 ** 31), 'seed', { min: 0, max: 2 ** 31 - 1 });
  const room = new ModuleRoom();
  const { fuzz } = room.load(`${FUZZ}/fuzz.fixture.ts`);
  const { FUZZ_TARGETS } = room.load(`${FUZZ}/fuzz-targets.fixture.ts`);
  let isStopped = false;
  process.once('SIGINT', () => (isStopped = true));
  say(`• fuzzing the transcoder and the id codec for ${seconds} s (SEED=${seed}) …`);
  const tally = new Tally();
  for (const step of fuzz(FUZZ_TARGETS, seed)) {
    tally.add(step);
    if (step.finding !== null) tellFinding(step.finding);
    tally.tell();
    await breath();
    if (isStopped || tally.seconds >= seconds) break;
  }
  for (const [target, executions] of tally.byTarget) say(`  ${String(executions).padStart(10)}  ${target}`);
  process.stdout.write(`${tally.text()}, SEED=${seed}\n`);
  if (tally.findings > 0) process.exitCode = 1;
});

function tellFinding({ target, seed, input, message }) {
  say(`✘ ${target}: ${message}\n  input: ${input}\n  again: make fuzz SEED=${seed} SECONDS=1`);
}
