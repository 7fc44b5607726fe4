import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { ElasticsearchConfig, StoredSecret } from '@lockstep/contracts';
import type { InputObject } from './input-object.js';
import { readSecret, type PendingSecret } from './pending-secret.js';

export interface ParsedElasticsearch {
  readonly apiKey: PendingSecret | null;
  readonly password: PendingSecret | null;
  readonly rest: Omit<ElasticsearchConfig, 'apiKey' | 'password'>;
}

export const ELASTICSEARCH_FIELDS = ['url', 'apiKey', 'username', 'password', 'ca'] as const;
const MAX_CA_LENGTH = 64 * 1024;

function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function readUrl(input: InputObject): URL | undefined {
  const text = input.requiredText('url', { maxLength: 2_048 });
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\//i.test(text))
    input.add('url', 'must be a URL that begins with http:// or https://');
  else if (url.username !== '' || url.password !== '') input.add('url', 'must not hold credentials');
  else if (url.search !== '' || url.hash !== '') input.add('url', 'must not have a query or a fragment');
  else return url;
  return undefined;
}

function readCredential(input: InputObject, key: 'apiKey' | 'password', current?: StoredSecret): PendingSecret | null {
  const value = input.raw(key);
  if (value === undefined) return null;
  return readSecret(value, { pointer: input.at(key), findings: input.findings, current }, (text) => ({
    kind: 'seal',
    text,
    display: null,
  }));
}

function readCa(input: InputObject): string | undefined {
  const ca = input.text('ca', { maxLength: MAX_CA_LENGTH });
  if (ca === undefined) return undefined;
  try {
    if (ca.includes('PRIVATE KEY')) throw new Error('private key');
    new X509Certificate(ca);
    return ca;
  } catch {
    input.add('ca', 'must be a certificate in PEM form, and nothing secret');
    return undefined;
  }
}

function checkKinds(input: InputObject): void {
  const has = (key: string): boolean => input.raw(key) !== undefined;
  if (has('apiKey') && (has('username') || has('password'))) {
    input.add('apiKey', 'cannot stand beside username and password; keep one way to sign in');
  } else if (has('username') !== has('password')) {
    input.add(has('username') ? 'password' : 'username', 'is required: username and password belong together');
  }
}

/** A kept secret never follows a connector to another server: who may edit could otherwise send it to one of his own. */
function checkKept(
  url: URL,
  input: InputObject,
  kept: { secret: PendingSecret | null; currentUrl: string | undefined },
): void {
  const isKept = kept.secret?.kind === 'stored' && kept.secret.isKept && kept.secret.secret.kind !== 'config';
  if (isKept && kept.currentUrl !== undefined && new URL(kept.currentUrl).origin !== url.origin) {
    input.add('url', 'leads to another server: send the credentials again');
  }
}

export function parseElasticsearch(
  input: InputObject,
  current: ElasticsearchConfig | undefined,
): ParsedElasticsearch | null {
  const url = readUrl(input);
  const apiKey = readCredential(input, 'apiKey', current?.apiKey);
  const password = readCredential(input, 'password', current?.password);
  const username = input.text('username', { maxLength: 1_024 });
  const ca = readCa(input);
  checkKinds(input);
  if (url === undefined) return null;
  if (url.protocol === 'http:' && (apiKey !== null || password !== null) && !isLoopback(url)) {
    input.add('url', 'must be https when credentials are sent to another machine');
  }
  checkKept(url, input, { secret: apiKey ?? password, currentUrl: current?.url });
  const rest = {
    url: url.href.replace(/\/$/, ''),
    ...(username === undefined ? {} : { username }),
    ...(ca === undefined ? {} : { ca }),
  };
  return { apiKey, password, rest };
}
