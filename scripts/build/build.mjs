#!/usr/bin/env node
// Builds both services and the console into dist/.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {readonly string[]} args @returns {Promise<number>} */
function node(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const nest = join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js');
const codes = await Promise.all([
  node(nest, 'build', 'admin-api'),
  node(nest, 'build', 'connector-worker'),
  node(join(ROOT, 'scripts/build/console.mjs')),
]);
process.exitCode = codes.find((code) => code !== 0) ?? 0;
