import { hasCode, LockstepError } from '@lockstep/core';
import { PublicKeyRing } from '@lockstep/sealed-secrets';
import { KeySource } from './key-source.js';

/**
 * Loads the folder of public keys. Missing keys are an answer, not a crash; a private key among them is.
 * @throws LockstepError SETTINGS_INVALID when the folder holds a private key
 */
export async function loadKeys(dir: string | undefined): Promise<KeySource> {
  if (dir === undefined) return new KeySource(new LockstepError('KEY_MISSING'));
  try {
    return new KeySource(await PublicKeyRing.load(dir));
  } catch (error) {
    if (hasCode(error, 'KEY_MISSING')) return new KeySource(error);
    throw error;
  }
}
