export { generateKeyPair } from './keys/generate-key-pair.js';
export { PublicKeyRing, type PublicKey } from './keys/public-key-ring.js';
export type { SealContext } from './profile/seal-context.js';
export { SecretOpener } from './secret-opener.js';
export { SecretSealer, type SealedValue } from './secret-sealer.js';
