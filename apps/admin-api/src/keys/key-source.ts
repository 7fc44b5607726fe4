import { LockstepError } from '@lockstep/core';
import { type PublicKeyRing, SecretSealer } from '@lockstep/sealed-secrets';

/** The public keys, or the reason why there are none. The API starts without: it can say what is missing. */
export class KeySource {
  constructor(private readonly loaded: PublicKeyRing | LockstepError) {}

  get isPresent(): boolean {
    return !(this.loaded instanceof LockstepError);
  }

  /** @throws LockstepError KEY_MISSING, SETTINGS_INVALID */
  ring(): PublicKeyRing {
    if (this.loaded instanceof LockstepError) throw this.loaded;
    return this.loaded;
  }

  /** @throws LockstepError KEY_MISSING, SETTINGS_INVALID */
  sealer(): SecretSealer {
    return new SecretSealer(this.ring());
  }
}
