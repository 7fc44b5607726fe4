export { generateKeyPair } from './keys/generate-key-pair.js';
export { PublicKeyRing, type PublicJwk, type PublicKey } from './keys/public-key-ring.js';
export { MAX_CLIENT_JWE_LENGTH, MAX_PLAINTEXT_BYTES } from './profile/jwe-profile.js';
export type { SealContext } from './profile/seal-context.js';
export { SecretOpener } from './secret-opener.js';
export { SecretSealer, type SealedValue } from './secret-sealer.js';
