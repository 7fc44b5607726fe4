import { open, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from './processes.mjs';
import { say } from './progress.mjs';

const POLL_MS = 250;

/**
 * Runs `work` while no other process holds the same lock file. A lock whose process is gone is taken over.
 * The lock only saves double work: what it guards is also safe without it, because finished files are moved into
 * their place in one step.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withFileLock(path, work) {
  let waited = false;
  while (!(await tryLock(path))) {
    if (!waited && (await ownerOf(path)) !== process.pid)
      say(`• waiting for another run that prepares the same stack (${path})`);
    waited = true;
    await delay(POLL_MS);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path) {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  const owner = await ownerOf(path);
  if (owner > 0 && !isAlive(owner)) {
    const aside = `${path}.stale.${process.pid}`;
    await rename(path, aside).catch(() => undefined);
    await rm(aside, { force: true });
  }
  return false;
}

/** Process id in the lock file; 0 while it is being written or is gone. */
async function ownerOf(path) {
  return Number(await readFile(path, 'utf8').catch(() => ''));
}
