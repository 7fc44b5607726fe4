import { type AccessRequest, decideAccess, isLoopbackHost } from './access-decision.js';

const request = (change: Partial<AccessRequest>): AccessRequest => ({
  method: 'GET',
  routeUrl: '/api/v1/jobs',
  authorization: undefined,
  host: 'localhost:9292',
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
  fetchDest: undefined,
  localPort: 9292,
  ...change,
});
const isOpen = (url: string): boolean => url === '/' || url === '/public_key';
const isTokenValid = (token: string): boolean => token === 'right';

describe('access with a token', () => {
  it.each([
    ['no token', {}, 'API_UNAUTHENTICATED'],
    ['the right one', { authorization: 'Bearer right' }, null],
    ['the scheme in other letters', { authorization: 'bearer right' }, null],
    ['a wrong one', { authorization: 'Bearer wrong' }, 'API_UNAUTHENTICATED'],
    ['another scheme', { authorization: 'Basic right' }, 'API_UNAUTHENTICATED'],
    ['two tokens', { authorization: 'Bearer right wrong' }, 'API_UNAUTHENTICATED'],
    ['an open route', { routeUrl: '/public_key' }, null],
    ['no route', { routeUrl: undefined }, 'API_UNAUTHENTICATED'],
    ['a foreign host, with the token', { host: 'example.org', authorization: 'Bearer right' }, null],
  ] as const)('%s', (_what, change, code) => {
    const decision = decideAccess(request(change), { isTokenValid, isOpen });
    expect(decision.isAllowed ? null : decision.code).toBe(code);
  });
});

describe('access without a token', () => {
  const link = { fetchSite: 'cross-site', fetchMode: 'navigate', fetchDest: 'document' };
  it.each([
    ['this machine', {}, null],
    ['an open route under a foreign name', { routeUrl: '/', host: 'example.org:9292' }, 'API_FORBIDDEN'],
    ['no host', { host: undefined }, 'API_FORBIDDEN'],
    ['its own origin', { origin: 'http://localhost:9292' }, null],
    ['its own origin under another name', { origin: 'http://127.0.0.1:9292' }, 'API_FORBIDDEN'],
    ['another origin', { origin: 'http://localhost:3000' }, 'API_FORBIDDEN'],
    ['another site', { fetchSite: 'cross-site' }, 'API_FORBIDDEN'],
    ['a link to a page', { ...link, routeUrl: '/' }, null],
    ['a link to the API', link, 'API_FORBIDDEN'],
    ['a form sent to a page', { ...link, routeUrl: '/', method: 'POST' }, 'API_FORBIDDEN'],
    ['a frame of a page', { ...link, routeUrl: '/', fetchDest: 'iframe' }, 'API_FORBIDDEN'],
  ] as const)('%s', (_what, change, code) => {
    const decision = decideAccess(request(change), { isTokenValid: null, isOpen });
    expect(decision.isAllowed ? null : decision.code).toBe(code);
  });

  it.each([
    ['localhost:80', 80, true],
    ['localhost', 80, true],
    ['localhost', 81, false],
    ['[::1]:81', 81, true],
    ['localhost.:81', 81, false],
    ['127.0.0.1:81@evil.example', 81, false],
  ])('knows %s at port %i: %s', (host, port, expected) => {
    expect(isLoopbackHost(host, port)).toBe(expected);
  });
});
