import { uriOptionsProblem } from './mongodb-uri-options.js';

/** What is known of a connection string. */
export interface MongoUri {
  readonly hasPassword: boolean;
  /** The very text with the password as `***`; may be shown. */
  readonly display: string;
  readonly hosts: readonly string[];
}

export type MongoUriResult =
  { readonly ok: true; readonly uri: MongoUri } | { readonly ok: false; readonly problem: string };

export const REDACTED_PASSWORD = '***';
const MAX_URI_LENGTH = 8_192;
const MAX_HOSTS = 50;
const MAX_PORT = 65_535;
const HOST = /^(?:[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_.])?|\[[0-9a-f:.]{2,45}\])(?::(\d{1,5}))?$/i;
/** Everything but the characters that must be percent-encoded in user information. */
const USER_PART = /^(?:[^:/?#[\]@%\s]|%[0-9a-f]{2})*$/i;
const DATABASE = /^(?:[^/\\. "$?#%]|%[0-9a-f]{2})*$/i;

const refuse = (problem: string): MongoUriResult => ({ ok: false, problem });

function hostsProblem(hosts: readonly string[], isSrv: boolean): string | null {
  if (hosts.length > MAX_HOSTS) return `names more than ${String(MAX_HOSTS)} hosts`;
  for (const host of hosts) {
    const match = HOST.exec(host);
    if (match === null) return 'has a host that is not valid (user and password must be percent-encoded)';
    if (match[1] !== undefined && (Number(match[1]) < 1 || Number(match[1]) > MAX_PORT)) return 'has an invalid port';
    if (isSrv && (match[1] !== undefined || hosts.length > 1))
      return 'must name one host without port after mongodb+srv://';
  }
  return null;
}

function userProblem(user: string | undefined, password: string | undefined): string | null {
  if (user === undefined) return null;
  if (user === '') return 'has an empty user name';
  const isWritten = USER_PART.test(user) && USER_PART.test(password ?? '');
  return isWritten ? null : 'has a user name or password that is not percent-encoded';
}

/** `user:password@` taken apart; the last `@` counts, so that a stray one never makes a password look like a host. */
function splitAuthority(authority: string): { user?: string; password?: string; hosts: string } {
  const at = authority.lastIndexOf('@');
  if (at < 0) return { hosts: authority };
  const userInfo = authority.slice(0, at);
  const colon = userInfo.indexOf(':');
  const hosts = authority.slice(at + 1);
  if (colon < 0) return { user: userInfo, hosts };
  return { user: userInfo.slice(0, colon), password: userInfo.slice(colon + 1), hosts };
}

/**
 * Checks a MongoDB connection string: scheme, hosts, percent-encoding, allow-listed options.
 * What is wrong is told without any part of the text that may be secret.
 */
export function parseMongoUri(text: string): MongoUriResult {
  if (text.length > MAX_URI_LENGTH) return refuse(`is longer than ${String(MAX_URI_LENGTH)} characters`);
  if (/[\s\p{Cc}]/u.test(text)) return refuse('holds blanks or control characters, which must be percent-encoded');
  const match = /^(mongodb(?:\+srv)?):\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(text);
  if (match === null) return refuse('must begin with mongodb:// or mongodb+srv:// and be of the documented form');
  const [, scheme = '', authority = '', database = '', query = ''] = match;
  // A "/" or "?" in a password would cut the authority short, and the rest of the password would be shown.
  if (`${database}${query}`.includes('@')) return refuse('has an @ that is not percent-encoded');
  const { user, password, hosts: hostText } = splitAuthority(authority);
  const hosts = hostText.split(',');
  const problem =
    userProblem(user, password) ??
    hostsProblem(hosts, scheme === 'mongodb+srv') ??
    (DATABASE.test(database) ? null : 'has a database name that is not valid') ??
    uriOptionsProblem(query);
  if (problem !== null) return refuse(problem);
  const hasPassword = password !== undefined && password !== '';
  const rest = text.slice(`${scheme}://${authority}`.length);
  const display = hasPassword ? `${scheme}://${user ?? ''}:${REDACTED_PASSWORD}@${hostText}${rest}` : text;
  return { ok: true, uri: { hasPassword, display, hosts } };
}

/** Whether a connection string is one that was read back redacted, and lost its password by that. */
export function isRedactedUri(text: string): boolean {
  return /^mongodb(?:\+srv)?:\/\/[^/?]*:(?:\*\*\*|%2a%2a%2a)@/i.test(text);
}
