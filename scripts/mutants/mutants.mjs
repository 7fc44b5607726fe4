#!/usr/bin/env node
// Changes the transcoder and the id codec in one small way at a time and looks whether a test finds it out.
// --files a pattern of file names · --results a file that keeps verdicts, so that a stopped run goes on
// A survivor that docs/mutants.md does not explain fails the run, and so does an explanation of nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, runMain } from '../sample-data/arguments.mjs';
import { REPOSITORY } from '../stack/layout.mjs';
import { say } from '../stack/progress.mjs';
import { ModuleRoom } from '../typescript/module-room.mjs';
import { Runners } from './runners.mjs';
import { Tally } from './tally.mjs';
import { Verdicts } from './verdicts.mjs';

const SOURCE = 'libs/mongo-source/src';
const FOLDERS = ['transcode', 'document-id', 'bson'];
const PAGE = 'docs/mutants.md';
const room = new ModuleRoom();
const { mutated, mutationsOf } = room.load('libs/testing/src/mutants/mutations.ts');
const { explainedMutants } = room.load('libs/testing/src/mutants/explained-mutants.ts');

const names = FOLDERS.flatMap((folder) =>
  readdirSync(join(REPOSITORY, SOURCE, folder)).map((name) => `${folder}/${name}`),
);
const read = (name) => readFileSync(join(REPOSITORY, SOURCE, name), 'utf8');

runMain(async () => {
  const { files, results } = readArguments({ files: { type: 'string' }, results: { type: 'string' } });
  const chosen = names.filter((name) => !/\.(spec|fixture)\.ts$/.test(name) && new RegExp(files ?? '').test(name));
  const explained = explainedMutants(readFileSync(join(REPOSITORY, PAGE), 'utf8'));
  const work = chosen.map((name) => ({ name, mutants: mutantsOf(name), explained: explained.get(name) ?? new Set() }));
  const total = work.reduce((sum, { mutants }) => sum + mutants.length, 0);
  const verdicts = new Verdicts(results, names.map(read));
  const runners = new Runners(
    SOURCE,
    names.filter((name) => name.endsWith('.spec.ts')),
  );
  const context = { verdicts, runners, tally: new Tally(total) };
  say(`• ${total} mutants of ${work.length} files …`);
  for (const file of explained.keys()) if (!names.includes(file)) tellStale(context, file, 'there is no such file');
  try {
    for (const file of work) {
      await tryFile(file, context);
      await runners.endFile(file.name);
    }
  } finally {
    await runners.stop();
  }
  process.stdout.write(`${context.tally.text}\n`);
  if (!context.tally.isGood) process.exitCode = 1;
});

function mutantsOf(name) {
  const source = read(name);
  return mutationsOf(source).map((mutation) => ({ ...mutation, source: mutated(source, mutation) }));
}

async function tryFile({ name, mutants, explained }, context) {
  const { verdicts, tally } = context;
  const labels = new Set(mutants.map(({ label }) => label));
  for (const label of explained) {
    if (!labels.has(label)) tellStale(context, `${name} ${label}`, 'there is no such mutant');
  }
  for (const { label, line, source } of mutants) {
    const isExplained = explained.has(label);
    let killer = verdicts.of(name, label);
    if (killer === undefined) {
      killer = await killerOf(context.runners.of(name), [[join(REPOSITORY, SOURCE, name), source]], isExplained);
      // What was asked in short is asked again by the next run.
      if (killer !== null || !isExplained) verdicts.add(name, label, killer);
    }
    if (killer !== null && isExplained) tellStale(context, `${name} ${label}`, `"${killer}" finds it out`);
    if (killer === null && !isExplained) say(`✘ ${name}:${line} ${label}`);
    tally.add(killer !== null ? 'killed' : isExplained ? 'explained' : 'unexplained', name);
  }
}

/** An explained mutant is asked about in short, by the first specs alone: nobody expects it to be found out. */
async function killerOf(runners, replaced, isExplained) {
  for (const runner of runners) {
    const killer = await runner.run(replaced, { isQuick: isExplained });
    if (killer !== null || isExplained) return killer;
  }
  return null;
}

function tellStale({ tally }, what, why) {
  tally.addStale();
  say(`✘ ${PAGE} explains ${what}: ${why}`);
}
