import { isIPv4 } from 'node:net';
import { LockstepError } from '@lockstep/core';

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopbackAddress(host: string): boolean {
  const name = host.toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/** @throws LockstepError SETTINGS_INVALID when the API would be open to others without a token. */
export function assertMayListen(host: string, token: string | undefined): void {
  if (token !== undefined || isLoopbackAddress(host)) return;
  throw new LockstepError(
    'SETTINGS_INVALID',
    `LOCKSTEP_API_HOST is ${host}, but without LOCKSTEP_API_TOKEN the API listens on loopback only`,
  );
}
