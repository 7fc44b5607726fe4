import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** A check that takes as long for a wrong token as for the right one: digests of equal length are compared. */
export function tokenCheck(expected: string): (token: string) => boolean {
  const expectedDigest = digest(expected);
  return (token) => timingSafeEqual(digest(token), expectedDigest);
}
