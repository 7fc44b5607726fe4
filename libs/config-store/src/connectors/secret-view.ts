import type { StoredSecret } from '@lockstep/contracts';

/** What the API shows of a secret-bearing value. Sent back unchanged, it keeps the value. */
export type SecretView = string | { readonly config: string } | { readonly sealed: true; readonly keyId: string };

export function secretView(secret: StoredSecret): SecretView {
  switch (secret.kind) {
    case 'plain':
      return secret.value;
    case 'config':
      return { config: secret.key };
    case 'sealed':
      return secret.display ?? { sealed: true, keyId: secret.keyId };
  }
}
