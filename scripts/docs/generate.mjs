#!/usr/bin/env node
// Writes docs/reference/{settings,errors,metrics}.md from the catalogues of the built libs, or tells with --check which
// of the committed pages are stale. Needs a build: npm run build.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { errorsPage, metricsPage, settingsPage } from './reference-pages.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const REFERENCE = join(ROOT, 'docs/reference');
const require = createRequire(import.meta.url);
const isCheck = process.argv.includes('--check');

/** @param {string} name of a lib @returns {Record<string, any> | null} */
function builtLib(name) {
  const path = join(ROOT, 'dist/libs', name, 'src/index.js');
  return existsSync(path) ? require(path) : null;
}

const pages = [
  { file: 'settings.md', catalogue: builtLib('settings')?.SETTINGS_CATALOGUE, render: settingsPage },
  { file: 'errors.md', catalogue: builtLib('core')?.ERROR_CATALOGUE, render: errorsPage },
  { file: 'metrics.md', catalogue: builtLib('observability')?.METRICS_CATALOGUE, render: metricsPage },
];

await mkdir(REFERENCE, { recursive: true });
for (const { file, catalogue, render } of pages) {
  const path = join(REFERENCE, file);
  if (catalogue === undefined) {
    console.error(`docs: ${file} cannot be made: its lib is not built; run: npm run build`);
    process.exitCode = 2;
    continue;
  }
  const text = await prettier.format(render(catalogue), {
    ...(await prettier.resolveConfig(path)),
    parser: 'markdown',
  });
  const current = await readFile(path, 'utf8').catch(() => null);
  if (current === text) continue;
  if (isCheck) {
    console.error(`docs: docs/reference/${file} is stale; run: npm run build && node scripts/docs/generate.mjs`);
    process.exitCode = 1;
  } else {
    await writeFile(path, text);
    console.log(`docs: wrote docs/reference/${file}`);
  }
}
if (isCheck && process.exitCode === undefined) console.log('docs: the reference pages are fresh');
