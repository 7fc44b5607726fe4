import { LockstepError } from '@lockstep/core';

/**
 * Makes an RSA pair of 3072 bits, writes `<kid>.pem` into both directories and makes it the current one.
 * @returns the kid
 * @throws LockstepError CONFIG_INVALID when there are keys already and `force` is not set
 */
export function generateKeyPair(
  _privateDir: string,
  _publicDir: string,
  _options: { readonly force: boolean } = { force: false },
): Promise<string> {
  return Promise.reject(new LockstepError('INTERNAL_ERROR'));
}
