import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reachableFolder } from './server-user.mjs';

/** Waits for the end of its input, which comes when the guarded process ends in whatever way; then clears up. */
const KEEPER = `
cat >/dev/null
for file in "$1"/*.pid "$1"/*/*.pid; do
  [ -f "$file" ] && kill -9 "$(cat "$file")" 2>/dev/null
done
rm -rf "$1"
`;

/**
 * A temporary folder for servers that must not outlive this process: when it ends, even by SIGKILL, every process of a
 * `*.pid` file in the folder (or one level below) is ended and the folder removed.
 * @param {string} name
 * @returns {Promise<{ path: string, remove: () => Promise<void> }>}
 */
export async function guardedFolder(name) {
  const path = await mkdtemp(join(await reachableFolder(tmpdir()), `lockstep-${name}-`));
  await chmod(path, 0o755);
  const keeper = spawn('sh', ['-c', KEEPER, 'lockstep-keeper', path], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keeper.unref();
  keeper.stdin.unref?.();
  return {
    path,
    remove: async () => {
      // The folder goes first, so that the keeper finds no process id to act on.
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      keeper.stdin.end();
    },
  };
}
