import { createHash, type KeyObject } from 'node:crypto';
import { LockstepError } from '@lockstep/core';
import { MIN_RSA_BITS } from '../profile/jwe-profile.js';

/** The public members of an RSA key, as in a JWK. */
export interface RsaPublicMembers {
  readonly n: string;
  readonly e: string;
}

/**
 * Modulus and exponent of a key; private members never leave this function.
 * @param where names the file in the error
 * @throws LockstepError KEY_MISSING when it is not an RSA key of at least 3072 bits
 */
export function rsaPublicMembers(key: KeyObject, where: string): RsaPublicMembers {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_RSA_BITS) {
    throw new LockstepError('KEY_MISSING', `${where} is not an RSA key of at least ${String(MIN_RSA_BITS)} bits`);
  }
  const { n, e } = key.export({ format: 'jwk' });
  if (n === undefined || e === undefined) throw new LockstepError('KEY_MISSING', `${where} is not an RSA key`);
  return { n, e };
}

/** RFC 7638 thumbprint, SHA-256, base64url: members in lexical order, without blanks. */
export function keyId({ n, e }: RsaPublicMembers): string {
  return createHash('sha256')
    .update(JSON.stringify({ e, kty: 'RSA', n }))
    .digest('base64url');
}
