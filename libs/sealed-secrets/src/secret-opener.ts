import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { LockstepError } from '@lockstep/core';
import { compactDecrypt } from 'jose';
import { isPemFile, readKeyFiles, type KeyFile } from './keys/key-files.js';
import { keyId, rsaPublicMembers } from './keys/key-identity.js';
import { readJweHeader, type JweHeader } from './profile/jwe-header.js';
import {
  CONTENT_ENCRYPTION,
  KEY_ALGORITHM,
  MAX_CLIENT_JWE_LENGTH,
  MAX_STORED_JWE_LENGTH,
} from './profile/jwe-profile.js';
import { allowsContext, isSameContext, type SealContext } from './profile/seal-context.js';

function parsePrivateKey(file: KeyFile, dir: string): KeyObject {
  try {
    return createPrivateKey(file.text);
  } catch (error) {
    throw new LockstepError('KEY_MISSING', `${file.name} of ${dir} is not a private key in PEM form`, { cause: error });
  }
}

/** Opens sealed values with the private keys of a folder. Lives in the worker alone. */
export class SecretOpener {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  private constructor(
    keys: ReadonlyMap<string, KeyObject>,
    /** For the log, at start: key files that others than their owner can read. */
    readonly warnings: readonly string[],
  ) {
    this.#keys = keys;
  }

  /** @throws LockstepError KEY_MISSING when there is no usable key */
  static async load(dir: string): Promise<SecretOpener> {
    const keys = new Map<string, KeyObject>();
    const warnings: string[] = [];
    for (const file of (await readKeyFiles(dir)).filter(isPemFile)) {
      const key = parsePrivateKey(file, dir);
      keys.set(keyId(rsaPublicMembers(createPublicKey(key), `${file.name} of ${dir}`)), key);
      if ((file.mode & 0o004) !== 0) warnings.push(`Every user of this machine can read ${file.name} of ${dir}.`);
    }
    if (keys.size === 0) throw new LockstepError('KEY_MISSING', `${dir} holds no private key (*.pem)`);
    return new SecretOpener(keys, warnings);
  }

  get keyIds(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /**
   * Opens a stored value, and the client's JWE inside where there is one.
   * @throws LockstepError SECRET_DECRYPT_FAILED for every cause, without a message or cause that tells which:
   * answers that differ would make the worker an oracle
   */
  async open(jwe: string, context: SealContext): Promise<string> {
    try {
      const outer = await this.decrypt(jwe, MAX_STORED_JWE_LENGTH);
      if (outer.header.lsk === null || !isSameContext(outer.header.lsk, context)) throw new Error('another place');
      if (!outer.header.isNested) return outer.text;
      const inner = await this.decrypt(outer.text, MAX_CLIENT_JWE_LENGTH);
      const { lsk, isNested } = inner.header;
      if (isNested || (lsk !== null && !allowsContext(lsk, context))) throw new Error('another place');
      return inner.text;
    } catch {
      throw new LockstepError('SECRET_DECRYPT_FAILED');
    }
  }

  private async decrypt(jwe: string, maxLength: number): Promise<{ header: JweHeader; text: string }> {
    const result = readJweHeader(jwe, maxLength);
    if (!result.ok) throw new Error(result.problem);
    const key = this.#keys.get(result.header.kid);
    if (key === undefined) throw new Error('unknown key');
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: [KEY_ALGORITHM],
      contentEncryptionAlgorithms: [CONTENT_ENCRYPTION],
      maxDecompressedLength: 0,
    });
    return {
      header: result.header,
      text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext),
    };
  }
}
