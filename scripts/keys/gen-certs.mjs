#!/usr/bin/env node
// make gen-certs: makes the RSA key pair that secrets are sealed with. Keys that are there are never overwritten or
// removed: with FORCE=1 a second pair is made and becomes the one that seals, the older one goes on opening.
import { generateKeyPair } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { currentPublicKey, folders, keyId, pemFiles } from './key-files.mjs';

const MODULUS_BITS = 3072;
const { privateDir, publicDir } = folders;
const isForced = process.argv.includes('--force') || process.env.FORCE === '1';

/** Written beside and renamed: a service that starts right now never reads half a file. */
async function writeWhole(path, text, mode) {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

async function makePair() {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: MODULUS_BITS,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const kid = keyId(publicKey);
  await mkdir(privateDir, { recursive: true, mode: 0o700 });
  await mkdir(publicDir, { recursive: true, mode: 0o755 });
  // The private half first: a published key that nobody can open with would swallow secrets.
  await writeWhole(join(privateDir, `${kid}.pem`), privateKey, 0o600);
  await writeWhole(join(publicDir, `${kid}.pem`), publicKey, 0o644);
  await writeWhole(join(publicDir, 'current'), `${kid}\n`, 0o644);
  return kid;
}

const existing = [...(await pemFiles(privateDir)), ...(await pemFiles(publicDir))];
if (existing.length > 0 && !isForced) {
  const current = await currentPublicKey(publicDir);
  console.log(`gen-certs: there are keys already; kid ${current === null ? '(no public key)' : keyId(current)}`);
  console.log('gen-certs: FORCE=1 adds a new pair that seals from then on; the older one goes on opening');
} else {
  const kid = await makePair();
  console.log(`gen-certs: made kid ${kid}`);
  console.log(`gen-certs: private key in ${privateDir} (for workers only), public key in ${publicDir}`);
}
