import { readdir } from 'node:fs/promises';
import { StackError } from '../stack/progress.mjs';
import { KEYS } from './local-environment.mjs';
import { runScript } from './sample-data.mjs';

/** Makes the local key pair, unless there is one. Keys named by the environment are left to their owner. */
export async function ensureKeys() {
  if (process.env.LOCKSTEP_PRIVATE_KEYS_DIR && process.env.LOCKSTEP_PUBLIC_KEYS_DIR) return;
  const present = await readdir(KEYS.privateDir).catch(() => []);
  if (present.length > 0) return;
  if ((await runScript('scripts/keys/gen-certs.mjs', [])) !== 0) throw new StackError('making the key pair failed');
}
