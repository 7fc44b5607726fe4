import type { ErrorCode } from '@lockstep/core';

/** What a request shows of itself before it is let in. */
export interface AccessRequest {
  readonly method: string;
  /** The pattern of the matched route; undefined when there is none. */
  readonly routeUrl: string | undefined;
  readonly authorization: string | undefined;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
  /** The port that the request arrived at. */
  readonly localPort: number;
}

export interface AccessRules {
  /** Null when no token is configured: then loopback only. */
  readonly isTokenValid: ((token: string) => boolean) | null;
  readonly isOpen: (routeUrl: string) => boolean;
}

export type AccessDecision =
  { readonly isAllowed: true } | { readonly isAllowed: false; readonly code: ErrorCode; readonly message: string };

const ALLOWED: AccessDecision = { isAllowed: true };
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const BEARER = /^Bearer +([^\s]+) *$/i;

const forbid = (message: string): AccessDecision => ({ isAllowed: false, code: 'API_FORBIDDEN', message });

/** Whether a `Host` header names this machine's loopback at the given port. */
export function isLoopbackHost(host: string | undefined, port: number): boolean {
  const names = LOOPBACK_NAMES.map((name) => `${name}:${String(port)}`);
  return host !== undefined && (port === 80 ? [...names, ...LOOPBACK_NAMES] : names).includes(host.toLowerCase());
}

/**
 * Without a token the address is all that protects the API: a page from elsewhere that runs in the
 * operator's browser must neither reach it under a foreign name (DNS rebinding) nor send it requests.
 */
function decideWithoutToken(request: AccessRequest, rules: AccessRules): AccessDecision {
  if (!isLoopbackHost(request.host, request.localPort)) {
    return forbid('Without a token the API answers under localhost, 127.0.0.1 and [::1] with its own port only.');
  }
  if (request.origin !== undefined && request.origin.toLowerCase() !== `http://${(request.host ?? '').toLowerCase()}`) {
    return forbid('The request comes from another origin.');
  }
  const site = request.fetchSite;
  if (site === undefined || site === 'same-origin' || site === 'none') return ALLOWED;
  const isNavigation = request.method === 'GET' && request.fetchMode === 'navigate' && request.fetchDest === 'document';
  const isPage = request.routeUrl !== undefined && rules.isOpen(request.routeUrl);
  // Following a link to a page of ours changes nothing and shows nothing to the page that has the link.
  return isNavigation && isPage ? ALLOWED : forbid('The request comes from another site.');
}

/** Decides whether a request is let in. Whatever is not listed as open needs the token, if there is one. */
export function decideAccess(request: AccessRequest, rules: AccessRules): AccessDecision {
  if (rules.isTokenValid === null) return decideWithoutToken(request, rules);
  if (request.routeUrl !== undefined && rules.isOpen(request.routeUrl)) return ALLOWED;
  const token = BEARER.exec(request.authorization ?? '')?.[1];
  if (token !== undefined && rules.isTokenValid(token)) return ALLOWED;
  return { isAllowed: false, code: 'API_UNAUTHENTICATED', message: 'A valid token is needed.' };
}
