// Bundles the console into static files: `node scripts/build/console.mjs [out folder]`.
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const CONSOLE = join(ROOT, 'apps/console');
/** What the first visit may cost over the wire, all files together, gzip. */
const BUDGET_BYTES = 100_000;

/** Builds the console and returns the size of every file. What is there stays until the new one is complete. */
export async function buildConsole(outDir = join(ROOT, 'dist/public')) {
  const nextDir = `${outDir}.next`;
  await rm(nextDir, { recursive: true, force: true });
  await mkdir(nextDir, { recursive: true });
  await Promise.all([
    bundle(nextDir, { app: 'src/app.tsx' }, { format: 'esm', jsx: 'automatic', jsxImportSource: 'preact' }),
    bundle(nextDir, { theme: 'src/shell/theme-script.ts' }, { format: 'iife' }),
    bundle(nextDir, { app: 'src/styles/app.css' }),
    cp(join(CONSOLE, 'static'), nextDir, { recursive: true }),
    errorPage().then((page) => writeFile(join(nextDir, 'errors.html'), page)),
  ]);
  await rm(outDir, { recursive: true, force: true });
  await rename(nextDir, outDir);
  return measure(outDir);
}

function bundle(outDir, entries, options = {}) {
  return build({
    absWorkingDir: CONSOLE,
    entryPoints: entries,
    outdir: outDir,
    bundle: true,
    minify: true,
    target: ['es2022'],
    legalComments: 'none',
    logLevel: 'warning',
    tsconfig: join(CONSOLE, 'tsconfig.json'),
    ...options,
  });
}

/** The error reference as a page, so that a code in the console leads to what it means, without any other host. */
async function errorPage() {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'libs/core/src/index.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: ['es2022'],
  });
  const source = outputFiles[0].text;
  const { ERROR_CATALOGUE } = await import(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`);
  const entries = Object.entries(ERROR_CATALOGUE).map(
    ([code, { title, advice, kind, retry }]) => `      <section class="card error-entry" id="${escape(code)}">
        <h2><a href="#${escape(code)}"><code>${escape(code)}</code></a></h2>
        <p><strong>${escape(title)}</strong></p>
        <p>${escape(advice)}</p>
        <p class="muted">${escape(kind)} · ${escape(retry)}</p>
      </section>`,
  );
  const template = await readFile(join(CONSOLE, 'src/errors-template.html'), 'utf8');
  return template.replace('<!-- entries -->', () => entries.join('\n'));
}

function escape(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => entities[character]);
}

async function measure(outDir) {
  const names = (await readdir(outDir)).sort();
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(outDir, name));
      return { name, bytes: content.length, gzipBytes: gzipSync(content, { level: 9 }).length };
    }),
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const files = await buildConsole(process.argv[2] === undefined ? undefined : resolve(process.argv[2]));
  for (const { name, bytes, gzipBytes } of files) {
    console.log(`${name.padEnd(14)}${String(bytes).padStart(9)} B${String(gzipBytes).padStart(9)} B gzip`);
  }
  const firstVisit = files.filter((file) => file.name !== 'errors.html' && file.name !== 'status.html');
  const total = firstVisit.reduce((sum, file) => sum + file.gzipBytes, 0);
  console.log(`first visit: ${total} B gzip of ${BUDGET_BYTES} B`);
  if (total > BUDGET_BYTES) process.exitCode = 1;
}
