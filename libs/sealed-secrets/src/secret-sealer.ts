import { LockstepError } from '@lockstep/core';
import type { PublicKeyRing } from './keys/public-key-ring.js';
import type { SealContext } from './profile/seal-context.js';

export interface SealedValue {
  readonly jwe: string;
  readonly keyId: string;
}

/** Seals with public keys alone: what it makes, it cannot read. */
export class SecretSealer {
  constructor(readonly ring: PublicKeyRing) {}

  /** @throws LockstepError SECRET_MALFORMED when the text is too long */
  seal(_plaintext: string, _context: SealContext): Promise<SealedValue> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }

  /**
   * Checks a JWE made by a client and wraps it, bound to its place.
   * @throws LockstepError SECRET_MALFORMED, KEY_UNKNOWN
   */
  wrap(_clientJwe: string, _context: SealContext): Promise<SealedValue> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
}
