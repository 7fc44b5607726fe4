import { createPublicKey, type KeyObject } from 'node:crypto';
import { LockstepError } from '@lockstep/core';
import { CONTENT_ENCRYPTION, KEY_ALGORITHM } from '../profile/jwe-profile.js';
import { currentKid, isPemFile, readKeyFiles, type KeyFile } from './key-files.js';
import { keyId, rsaPublicMembers } from './key-identity.js';

/** A public JWK as the API serves it; `enc` tells clients which content encryption is accepted. */
export interface PublicJwk {
  readonly kty: 'RSA';
  readonly use: 'enc';
  readonly alg: typeof KEY_ALGORITHM;
  readonly enc: typeof CONTENT_ENCRYPTION;
  readonly kid: string;
  readonly n: string;
  readonly e: string;
}

/** A public key that values are sealed with. */
export interface PublicKey {
  /** RFC 7638 thumbprint (SHA-256, base64url). */
  readonly kid: string;
  /** PEM, SPKI. */
  readonly pem: string;
  readonly jwk: PublicJwk;
  readonly alg: typeof KEY_ALGORITHM;
  readonly enc: typeof CONTENT_ENCRYPTION;
}

const PRIVATE_PEM = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
/** A private JWK: has the private exponent or a factor. */
const PRIVATE_JWK = /"(?:d|p|q|dp|dq|qi|k)"\s*:\s*"/;

function parsePublicKey(file: KeyFile, dir: string): PublicKey {
  const where = `${file.name} of ${dir}`;
  let key: KeyObject;
  try {
    key = createPublicKey(file.text);
  } catch (error) {
    throw new LockstepError('KEY_MISSING', `${where} is not a public key in PEM form`, { cause: error });
  }
  const members = rsaPublicMembers(key, where);
  const kid = keyId(members);
  const jwk = Object.freeze({
    kty: 'RSA' as const,
    use: 'enc' as const,
    alg: KEY_ALGORITHM,
    enc: CONTENT_ENCRYPTION,
    kid,
    ...members,
  });
  const pem = key.export({ format: 'pem', type: 'spki' }).toString();
  return Object.freeze({ kid, pem, jwk, alg: jwk.alg, enc: jwk.enc });
}

/** Current first: the one that the marker names, else the newest file (then by kid, so that all processes agree). */
function orderKeys(files: readonly KeyFile[], dir: string): readonly PublicKey[] {
  const dated = files.filter(isPemFile).map((file) => ({ key: parsePublicKey(file, dir), at: file.modifiedMs }));
  dated.sort((a, b) => b.at - a.at || (a.key.kid < b.key.kid ? -1 : 1));
  const unique = new Map(dated.map(({ key }) => [key.kid, key]));
  const marked = currentKid(files);
  if (marked === undefined) return [...unique.values()];
  const current = unique.get(marked);
  if (current === undefined) {
    throw new LockstepError('KEY_MISSING', `the marker file of ${dir} names a key that is not there`);
  }
  return [current, ...[...unique.values()].filter((key) => key !== current)];
}

/** The public keys of a folder, current one first. The API seals with the current one and knows the others. */
export class PublicKeyRing {
  private constructor(
    readonly keys: readonly PublicKey[],
    readonly current: PublicKey,
  ) {}

  /**
   * @throws LockstepError KEY_MISSING when there is no usable key, SETTINGS_INVALID when any file of the folder
   * holds a private key: the process that has public keys must not be able to read what it seals
   */
  static async load(dir: string): Promise<PublicKeyRing> {
    const files = await readKeyFiles(dir);
    const secret = files.find(({ text }) => PRIVATE_PEM.test(text) || PRIVATE_JWK.test(text));
    if (secret !== undefined) {
      throw new LockstepError('SETTINGS_INVALID', `${secret.name} of ${dir} holds a private key; take it out`);
    }
    const keys = orderKeys(files, dir);
    if (keys[0] === undefined) throw new LockstepError('KEY_MISSING', `${dir} holds no public key (*.pem)`);
    return new PublicKeyRing(keys, keys[0]);
  }

  get(kid: string): PublicKey | undefined {
    return this.keys.find((key) => key.kid === kid);
  }

  /** A JWK set (RFC 7517), current key first, public members only. */
  jwks(): { readonly keys: readonly PublicJwk[] } {
    return { keys: this.keys.map((key) => key.jwk) };
  }
}
