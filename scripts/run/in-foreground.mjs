import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.mjs';

/** @returns {Promise<number>} exit code; the output goes straight through */
export function inForeground(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: REPOSITORY, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** Runs tests. @returns {Promise<number>} exit code */
export function jestInForeground(args) {
  return inForeground(process.execPath, [join(REPOSITORY, 'node_modules', 'jest', 'bin', 'jest.js'), ...args]);
}
