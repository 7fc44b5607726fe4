import { randomBytes } from 'node:crypto';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

/** A new connector id: `con_` and 26 characters (48 bits of time, 80 random) that sort by time. */
export function newConnectorId(nowMs: number = Date.now()): string {
  let value = (BigInt(nowMs) << 80n) | BigInt(`0x${randomBytes(10).toString('hex')}`);
  let text = '';
  for (let i = 0; i < 26; i += 1) {
    text = `${DIGITS.charAt(Number(value & 31n))}${text}`;
    value >>= 5n;
  }
  return `con_${text}`;
}

/** Whether a text can be the id of a connector; what cannot is never asked of Elasticsearch. */
export function isConnectorId(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(text);
}
