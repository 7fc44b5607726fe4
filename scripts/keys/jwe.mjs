// A compact JWE (RFC 7516) of the profile that Lockstep accepts, with node:crypto alone.
import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { keyId } from './key-files.mjs';

/**
 * @param {string} value the secret
 * @param {string} publicKeyPem SPKI
 * @param {{ purpose: string, subject: string }} [lsk] where the value may be used; anywhere when absent
 * @returns {string}
 */
export function seal(value, publicKeyPem, lsk) {
  const encode = (/** @type {string | Buffer} */ part) => Buffer.from(part).toString('base64url');
  const header = {
    alg: 'RSA-OAEP-256',
    enc: 'A256GCM',
    kid: keyId(publicKeyPem),
    ...(lsk === undefined ? {} : { lsk }),
  };
  const protectedHeader = encode(JSON.stringify(header));
  const contentKey = randomBytes(32);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv).setAAD(Buffer.from(protectedHeader));
  const ciphertext = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const encryptedKey = publicEncrypt({ key: publicKeyPem, padding, oaepHash: 'sha256' }, contentKey);
  return [protectedHeader, ...[encryptedKey, iv, ciphertext, cipher.getAuthTag()].map(encode)].join('.');
}
