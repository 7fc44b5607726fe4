// Key folders as the services read them: <kid>.pem files, and in the public folder a file `current` with the kid that seals.
import { createHash, createPublicKey } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export const folders = {
  privateDir: process.env.LOCKSTEP_PRIVATE_KEYS_DIR || join(ROOT, '.keys', 'private'),
  publicDir: process.env.LOCKSTEP_PUBLIC_KEYS_DIR || join(ROOT, '.keys', 'public'),
};

/**
 * RFC 7638 thumbprint of an RSA key: SHA-256 over the members in lexical order, base64url.
 * @param {import('node:crypto').KeyObject | string} key public key, or PEM of a public or private one
 */
export function keyId(key) {
  const { e, kty, n } = (typeof key === 'string' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
}

/** @param {string} dir @returns {Promise<string[]>} */
export async function pemFiles(dir) {
  const names = await readdir(dir).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith('.pem')).sort();
}

/** The PEM of the key that seals. @param {string} dir @returns {Promise<string | null>} */
export async function currentPublicKey(dir) {
  const paths = (await pemFiles(dir)).map((name) => join(dir, name));
  const dated = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  const newestFirst = dated.sort((a, b) => b.at - a.at);
  const texts = await Promise.all(newestFirst.map(({ path }) => readFile(path, 'utf8')));
  const marked = (await readFile(join(dir, 'current'), 'utf8').catch(() => '')).trim();
  return texts.find((text) => keyId(text) === marked) ?? texts[0] ?? null;
}
