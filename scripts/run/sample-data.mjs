import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { REPOSITORY } from '../stack/layout.mjs';
import { StackError } from '../stack/progress.mjs';

async function hasSampleData(mongodbUrl) {
  const client = new MongoClient(mongodbUrl, { serverSelectionTimeoutMS: 20_000 });
  try {
    return (
      (await client
        .db('shop')
        .collection('orders')
        .findOne({}, { projection: { _id: 1 } })) !== null
    );
  } finally {
    await client.close();
  }
}

/** Fills the database `shop`, unless it has orders already. @param {string} mongodbUrl */
export async function ensureSampleData(mongodbUrl) {
  if (await hasSampleData(mongodbUrl)) return;
  const code = await runScript('scripts/sample-data/populate.mjs', [], { LOCKSTEP_MONGODB_URL: mongodbUrl });
  if (code !== 0) throw new StackError('filling in the sample data failed');
}

/**
 * Runs one of our scripts in the foreground.
 * @param {string} script relative to the repository
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env on top of this process's
 * @returns {Promise<number>} its exit code
 */
export function runScript(script, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(REPOSITORY, script), ...args], {
      cwd: REPOSITORY,
      env: { ...process.env, ...env },
      stdio: 'inherit',
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
