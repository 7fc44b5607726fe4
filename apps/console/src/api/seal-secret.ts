import { CompactEncrypt, importJWK, type JWK } from 'jose';
import type { ApiClient } from './api-client.js';
import { ProblemError } from './problem.js';

/** A published key names the content encryption that goes with it. */
type PublishedKey = JWK & { readonly enc?: string };

/** A value that only a worker can open. */
export interface SealedValue {
  readonly sealed: string;
}

/** Whether this page may use the browser's cryptography: https, or a loopback address. */
export function canSeal(): boolean {
  // In an insecure context `subtle` is absent, whatever its type says.
  return (globalThis.crypto as Crypto | undefined)?.subtle !== undefined;
}

/**
 * Encrypts `plaintext` with the service's current public key, in the browser; the plaintext never leaves it.
 * @throws ProblemError when the browser cannot, or when no usable key is published
 */
export async function sealSecret(api: ApiClient, plaintext: string): Promise<SealedValue> {
  if (!canSeal()) {
    throw sealProblem(
      'This browser cannot seal secrets here',
      'Browsers offer cryptography on https and on loopback addresses only, and the secret is not sent unsealed.',
      'Open the console under https, or as http://127.0.0.1 through a tunnel.',
    );
  }
  const { keys = [] } = await api.json<{ keys?: readonly PublishedKey[] }>('.well-known/jwks.json');
  const jwk = keys[0];
  if (jwk?.alg === undefined || jwk.kid === undefined) {
    throw sealProblem(
      'No public key is published',
      null,
      'Make a key pair (make gen-certs) and restart the admin API.',
    );
  }
  const key = await importJWK(jwk, jwk.alg);
  const jwe = await new CompactEncrypt(new TextEncoder().encode(plaintext))
    .setProtectedHeader({ alg: jwk.alg, enc: jwk.enc ?? 'A256GCM', kid: jwk.kid })
    .encrypt(key);
  return { sealed: jwe };
}

function sealProblem(title: string, detail: string | null, remedy: string): ProblemError {
  return new ProblemError({ status: 0, code: null, title, detail, remedy, fields: [] });
}
