import { createPublicKey, generateKeyPair as generate } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LockstepError } from '@lockstep/core';
import { MIN_RSA_BITS } from '../profile/jwe-profile.js';
import { CURRENT_MARKER, isPemFile, readKeyFiles } from './key-files.js';
import { keyId, rsaPublicMembers } from './key-identity.js';

/** Written beside and renamed: a reader never sees half a file. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.new`;
  await writeFile(temporary, text, { mode, flag: 'w' });
  await rename(temporary, path);
}

async function hasKeys(dir: string): Promise<boolean> {
  return (await readKeyFiles(dir)).some(isPemFile);
}

/**
 * Makes an RSA pair of 3072 bits, writes `<kid>.pem` into both folders (private: PKCS#8, 0600; public: SPKI) and
 * names it in the `current` file of the public one. Keys that are there stay: what they sealed can still be opened.
 * @returns the kid
 * @throws LockstepError CONFIG_VERSION_CONFLICT when there are keys already and `force` is not set
 */
export async function generateKeyPair(
  privateDir: string,
  publicDir: string,
  options: { readonly force: boolean } = { force: false },
): Promise<string> {
  await mkdir(privateDir, { recursive: true, mode: 0o700 });
  await mkdir(publicDir, { recursive: true, mode: 0o755 });
  if (!options.force && ((await hasKeys(privateDir)) || (await hasKeys(publicDir)))) {
    throw new LockstepError('CONFIG_VERSION_CONFLICT', `there are keys in ${privateDir} or ${publicDir} already`);
  }
  const { privateKey } = await promisify(generate)('rsa', {
    modulusLength: MIN_RSA_BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const publicKey = createPublicKey(privateKey);
  const kid = keyId(rsaPublicMembers(publicKey, 'the new key'));
  // The private half first: a published key that nobody can open with would swallow secrets.
  await writeWhole(join(privateDir, `${kid}.pem`), privateKey, 0o600);
  await writeWhole(join(publicDir, `${kid}.pem`), publicKey.export({ type: 'spki', format: 'pem' }).toString(), 0o644);
  await writeWhole(join(publicDir, CURRENT_MARKER), `${kid}\n`, 0o644);
  return kid;
}
