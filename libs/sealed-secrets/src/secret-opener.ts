import { LockstepError } from '@lockstep/core';
import type { SealContext } from './profile/seal-context.js';

/** Opens sealed values; lives in the worker alone. */
export class SecretOpener {
  private constructor(
    readonly keyIds: readonly string[],
    readonly warnings: readonly string[],
  ) {}

  /** @throws LockstepError KEY_MISSING */
  static load(_dir: string): Promise<SecretOpener> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }

  /** @throws LockstepError SECRET_DECRYPT_FAILED for every cause, without telling which */
  open(_jwe: string, _context: SealContext): Promise<string> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
}
