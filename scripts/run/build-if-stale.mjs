import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.mjs';
import { StackError, step } from '../stack/progress.mjs';
import { runCommand } from '../stack/run-command.mjs';
import { mainFileOf } from './local-environment.mjs';

const STAMP = join(REPOSITORY, 'dist', '.built-from');
const SOURCES = ['apps', 'libs', 'package-lock.json', 'tsconfig.json', 'nest-cli.json', 'scripts/build'];
const IGNORED = /\.spec\.tsx?$|\.md$|^apps\/admin-api\/public\//;

/** Names, sizes and times of everything that a build is made from. @returns {Promise<string>} */
async function fingerprint() {
  const lines = [];
  for (const source of SOURCES) {
    const path = join(REPOSITORY, source);
    const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true;
    const names = isFolder ? (await readdir(path, { recursive: true })).map((name) => `${source}/${name}`) : [source];
    for (const name of names.filter((candidate) => !IGNORED.test(candidate))) {
      const found = await stat(join(REPOSITORY, name)).catch(() => null);
      if (found?.isFile()) lines.push(`${name} ${found.size} ${Math.round(found.mtimeMs)}`);
    }
  }
  return lines.sort().join('\n');
}

async function isBuilt() {
  for (const app of /** @type {const} */ (['admin-api', 'connector-worker'])) {
    if ((await stat(mainFileOf(app)).catch(() => null)) === null) return false;
  }
  return true;
}

/** Builds both services and the console, unless what is built matches the sources. */
export async function buildIfStale() {
  const wanted = await fingerprint();
  const built = await readFile(STAMP, 'utf8').catch(() => null);
  if (built === wanted && (await isBuilt())) return;
  await step('building the services and the console', async () => {
    const result = await runCommand('npm', ['run', '--silent', 'build'], {
      cwd: REPOSITORY,
      env: { ...process.env, NO_COLOR: '1' },
    });
    if (result.code !== 0) {
      process.stderr.write(result.stdout + result.stderr);
      throw new StackError('the build failed, see above');
    }
  });
  await writeFile(STAMP, wanted);
}
