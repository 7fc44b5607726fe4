import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;

function encode(value: bigint, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest >>= 5n) text = ALPHABET.charAt(Number(rest & 31n)) + text;
  return text;
}

/**
 * 26 characters of Crockford base32 that sort by time: 50 bits of milliseconds since the epoch, then 80
 * random bits. Two ids of one millisecond sort by chance.
 */
function sortableId(nowMs: number): string {
  const random = BigInt(`0x${randomBytes(10).toString('hex')}`);
  return encode(BigInt(nowMs), TIME_CHARACTERS) + encode(random, RANDOM_CHARACTERS);
}

/** `job_` and 26 characters that sort by time. */
export function newJobId(nowMs: number = Date.now()): string {
  return `job_${sortableId(nowMs)}`;
}

/** `wrk_` and 26 characters that sort by time. */
export function newWorkerId(nowMs: number = Date.now()): string {
  return `wrk_${sortableId(nowMs)}`;
}
