import { randomUUID } from 'node:crypto';

const VALID = /^[A-Za-z0-9-]{1,64}$/;

/** The caller's `X-Request-Id` when it is harmless (letters, digits, dashes, at most 64), else a new one. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && VALID.test(header) ? header : randomUUID();
}
