import { createRequire } from 'node:module';
import { expect } from 'expect';
import { ModuleRoom } from '../typescript/module-room.mjs';

/** Properties that name no seed get this one, so that a mutant has the same fate in every run. */
const SEED = 1;
const DEFAULT_RUNS = 100;
const fastCheck = createRequire(import.meta.url)('fast-check');
const assertProperty = fastCheck.assert;
let share = 1;

fastCheck.assert = (property, parameters = {}) => {
  const { seed = SEED, numRuns = DEFAULT_RUNS } = parameters;
  // A property that fails once is enough; looking for its smallest input takes long.
  assertProperty(property, { ...parameters, seed, numRuns: Math.ceil(numRuns * share), endOnFailure: true });
};

/**
 * A test of a spec.
 * @typedef {{ name: string, run: (share?: number) => void }} SpecTest `share` of the inputs of its properties, 0 … 1
 */

/**
 * The tests of some specs, over modules of their own. Knows what the specs here use of jest: `describe`, `it`, `it.each`
 * and `expect`; no hooks, no asynchronous tests.
 * @param {readonly string[]} specs below the repository
 * @param {ReadonlyMap<string, string>} [replaced] sources by absolute path
 * @returns {SpecTest[]}
 */
export function testsOf(specs, replaced) {
  const tests = [];
  const names = [];
  const it = (name, body) => tests.push({ name: [...names, name].join(' › '), run: runner(body) });
  it.each = (rows) => (name, body) =>
    rows.forEach((row, i) => it(`${name} #${i + 1}`, () => (Array.isArray(row) ? body(...row) : body(row))));
  const describe = (name, body) => {
    names.push(name);
    body();
    names.pop();
  };
  Object.assign(globalThis, { describe, it, expect });
  const room = new ModuleRoom(replaced);
  for (const spec of specs) describe(spec.slice(spec.lastIndexOf('/') + 1), () => room.load(spec));
  return tests;
}

function runner(body) {
  return (wanted = 1) => {
    share = wanted;
    if (body() instanceof Promise) throw new Error('a test is asynchronous: it cannot be asked about mutants');
  };
}
