import { LockstepError } from '@lockstep/core';

/** A public key that values are sealed with. */
export interface PublicKey {
  /** RFC 7638 thumbprint (SHA-256, base64url). */
  readonly kid: string;
  /** PEM, SPKI. */
  readonly pem: string;
  /** Public members, `kid`, `use`, `alg`. */
  readonly jwk: Readonly<Record<string, string>>;
  readonly alg: 'RSA-OAEP-256';
  readonly enc: 'A256GCM';
}

/** The public keys of a directory; the API seals with the current one. */
export class PublicKeyRing {
  private constructor(readonly keys: readonly PublicKey[]) {}

  /** @throws LockstepError KEY_MISSING, SETTINGS_INVALID when the directory holds a private key */
  static load(_dir: string): Promise<PublicKeyRing> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }

  get current(): PublicKey {
    throw new LockstepError('INTERNAL_ERROR');
  }

  get(kid: string): PublicKey | undefined {
    return this.keys.find((key) => key.kid === kid);
  }

  /** A JWK set, current key first. */
  jwks(): { readonly keys: readonly Readonly<Record<string, string>>[] } {
    return { keys: this.keys.map((key) => key.jwk) };
  }
}
