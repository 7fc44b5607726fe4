import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.mjs';
import { buildIfStale } from './build-if-stale.mjs';

/**
 * Runs one end-to-end test against the built services; its output goes straight through.
 * @param {string} name of its file in `test/e2e`, without `.test.ts`
 * @param {Record<string, string>} env what the test reads
 * @returns {Promise<number>} exit code
 */
export async function runE2eTest(name, env) {
  await buildIfStale();
  const jest = join(REPOSITORY, 'node_modules', 'jest', 'bin', 'jest.js');
  // Connections that were cut in the middle of their end would hold up an orderly exit for ever.
  const args = [jest, '--selectProjects=e2e', '--runInBand', '--forceExit'];
  args.push('--testPathPatterns', `/${name}\\.test\\.ts$`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: REPOSITORY,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
