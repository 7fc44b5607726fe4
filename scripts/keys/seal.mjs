#!/usr/bin/env node
// make seal: prints a JWE of the secret in VALUE, or on standard input (which leaves no trace in the shell's history).
//   KEY=<file or URL>   public key as PEM; without it .keys/public, else the API at http://127.0.0.1:9292
//   PURPOSE, SUBJECT    bind the value: `connector` and `source.uri`, or `config` and the key of the entry
import { readFile } from 'node:fs/promises';
import { currentPublicKey, folders } from './key-files.mjs';
import { seal } from './jwe.mjs';

const DEFAULT_URL = 'http://127.0.0.1:9292/public_key';
const { KEY, VALUE, PURPOSE, SUBJECT } = process.env;

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`seal: ${message}`);
  process.exit(1);
}

async function fetchKey(url) {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((error) =>
    fail(`${url} cannot be reached (${error.cause?.code ?? error.name})`),
  );
  return response.ok ? response.text() : fail(`${url} answers ${response.status}`);
}

async function readKey() {
  if (KEY && /^https?:\/\//.test(KEY)) return fetchKey(new URL('/public_key', KEY).href);
  if (KEY) return readFile(KEY, 'utf8').catch((error) => fail(`${KEY} cannot be read (${error.code})`));
  return (await currentPublicKey(folders.publicDir)) ?? fetchKey(DEFAULT_URL);
}

async function readValue() {
  if (VALUE) return VALUE;
  if (process.stdin.isTTY) console.error('seal: type the secret, then Enter and Ctrl-D');
  const chunks = await process.stdin.toArray();
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

if ((PURPOSE === undefined) !== (SUBJECT === undefined)) fail('PURPOSE and SUBJECT belong together');
const key = await readKey();
if (!key.includes('-----BEGIN PUBLIC KEY-----')) fail('the key is not a public key in PEM form');
const value = await readValue();
if (value === '') fail('there is nothing to seal: give VALUE=… or standard input');
console.log(seal(value, key, PURPOSE === undefined ? undefined : { purpose: PURPOSE, subject: SUBJECT ?? '' }));
