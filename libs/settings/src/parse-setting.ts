import { isIP } from 'node:net';
import type { SettingKind } from './settings-catalogue.js';

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*\.?$/i;
const PREFIX = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const WORKER_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function urlProblem(value: string): string | null {
  if (!URL.canParse(value)) return 'is not a URL';
  const url = new URL(value);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with http:// or https://';
  if (url.username !== '' || url.password !== '') {
    return 'must not hold credentials: use the variables for API key or user name and password';
  }
  return url.search !== '' || url.hash !== '' ? 'must not have a query or a fragment' : null;
}

function integerProblem(value: string, min: number, max: number): string | null {
  if (!/^-?\d{1,15}$/.test(value)) return 'must be a whole number';
  const number = Number(value);
  return number < min || number > max ? `must be from ${String(min)} to ${String(max)}` : null;
}

/** What is wrong with a value, as the end of a sentence that begins with the variable's name; null when nothing is. */
export function settingProblem(kind: SettingKind, value: string): string | null {
  switch (kind.type) {
    case 'url':
      return urlProblem(value);
    case 'host':
      return isIP(value) !== 0 || HOST_NAME.test(value) ? null : 'must be a host name or an IP address';
    case 'prefix':
      return PREFIX.test(value)
        ? null
        : 'must begin with a lower-case letter or digit, and hold only those, `-` and `_`, up to 63 characters';
    case 'workerId':
      return WORKER_ID.test(value) ? null : 'must be up to 64 letters, digits, `.`, `_` or `-`';
    case 'choice':
      return kind.values.includes(value) ? null : `must be one of ${kind.values.join(', ')}`;
    case 'integer':
      return integerProblem(value, kind.min, kind.max);
    case 'path':
    case 'text':
      return null;
  }
}

/** Whether only this machine can reach an address. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.toLowerCase().replace(/\.$/, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}
