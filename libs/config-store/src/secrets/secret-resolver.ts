import type { StoredSecret } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { SealContext, SecretOpener } from '@lockstep/sealed-secrets';
import type { ConfigEntryReader } from '../entries/config-entries.js';

/** Turns stored secrets into their text; in the worker, just before use. */
export class SecretResolver {
  constructor(
    readonly entries: ConfigEntryReader,
    readonly opener: SecretOpener,
  ) {}

  /** @throws LockstepError CONFIG_ENTRY_UNKNOWN, CONFIG_SECRET_UNREADABLE, SECRET_DECRYPT_FAILED, SOURCE_URI_INVALID */
  resolve(_secret: StoredSecret, _context: SealContext): Promise<string> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
}
