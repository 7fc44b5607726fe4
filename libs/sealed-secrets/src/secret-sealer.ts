import { createPublicKey } from 'node:crypto';
import { LockstepError } from '@lockstep/core';
import { CompactEncrypt } from 'jose';
import type { PublicKeyRing } from './keys/public-key-ring.js';
import { readJweHeader } from './profile/jwe-header.js';
import { MAX_CLIENT_JWE_LENGTH, MAX_PLAINTEXT_BYTES, NESTED_CONTENT_TYPE } from './profile/jwe-profile.js';
import { allowsContext, type SealContext } from './profile/seal-context.js';

export interface SealedValue {
  /** Compact JWE whose protected header names its place. */
  readonly jwe: string;
  /** Key that the outer JWE was sealed with. */
  readonly keyId: string;
}

/** Seals with public keys alone: what it makes, it cannot read. */
export class SecretSealer {
  constructor(private readonly ring: PublicKeyRing) {}

  /** @throws LockstepError SECRET_MALFORMED when the text is empty or over 48 KiB */
  async seal(plaintext: string, context: SealContext): Promise<SealedValue> {
    const bytes = Buffer.byteLength(plaintext);
    if (bytes === 0 || bytes > MAX_PLAINTEXT_BYTES) {
      throw new LockstepError('SECRET_MALFORMED', `A secret has 1 to ${String(MAX_PLAINTEXT_BYTES)} bytes`);
    }
    return this.encrypt(plaintext, context, {});
  }

  /**
   * Checks a JWE made by a client, without opening it, and wraps it in an outer one that is bound to its place.
   * @throws LockstepError SECRET_MALFORMED when it is not of the profile or made for another place, KEY_UNKNOWN
   */
  async wrap(clientJwe: string, context: SealContext): Promise<SealedValue> {
    const result = readJweHeader(clientJwe, MAX_CLIENT_JWE_LENGTH);
    if (!result.ok) throw new LockstepError('SECRET_MALFORMED', `The sealed value is refused: ${result.problem}`);
    const { kid, lsk, isNested } = result.header;
    if (isNested) throw new LockstepError('SECRET_MALFORMED', 'The sealed value is refused: it is sealed twice');
    if (this.ring.get(kid) === undefined) throw new LockstepError('KEY_UNKNOWN');
    if (lsk !== null && !allowsContext(lsk, context)) {
      throw new LockstepError('SECRET_MALFORMED', 'The sealed value is refused: its lsk names another place');
    }
    return this.encrypt(clientJwe, context, { cty: NESTED_CONTENT_TYPE });
  }

  private async encrypt(
    text: string,
    { purpose, subject }: SealContext,
    extra: { readonly cty?: string },
  ): Promise<SealedValue> {
    const { alg, enc, kid, pem } = this.ring.current;
    const jwe = await new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg, enc, kid, ...extra, lsk: { purpose, subject } })
      .encrypt(createPublicKey(pem));
    return { jwe, keyId: kid };
  }
}
