import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@lockstep/observability';
import type { Settings } from '@lockstep/settings';
import { httpJson } from '@lockstep/testing';
import { createApp } from '../../../apps/admin-api/src/create-app';
import { type ApiContext, startApi } from './api-context';

const TOKEN = 'a-token-of-the-test-0123456789';
const OPEN = [
  'GET /',
  'GET /.well-known/jwks.json',
  'GET /docs',
  'GET /health/live',
  'GET /health/ready',
  'GET /openapi.json',
  'GET /public_key',
  'GET /status.html',
];

interface OpenApi {
  readonly paths: Record<string, Record<string, { security?: object[] }>>;
}
const document = JSON.parse(readFileSync(join(__dirname, '../../../openapi.json'), 'utf8')) as OpenApi;
const routes = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);
const concrete = (path: string): string =>
  path
    .replace('/connectors/{id}', '/connectors/con_00000000000000000000000000')
    .replace('/jobs/{id}', '/jobs/job_00000000000000000000000000')
    .replace('{key}', 'some-key')
    .replace(/\{\w+\}/g, 'x');

let publicDir: string;
beforeAll(async () => {
  publicDir = await mkdtemp(join(tmpdir(), 'lockstep-public-'));
  await writeFile(join(publicDir, 'index.html'), '<!doctype html><title>console</title>');
  await writeFile(join(publicDir, 'status.html'), '<!doctype html><title>status</title>');
  await writeFile(join(publicDir, 'console.js'), 'void 0;');
});
afterAll(async () => {
  await rm(publicDir, { recursive: true, force: true });
});

describe('with a token', () => {
  let api: ApiContext;
  beforeAll(async () => {
    api = await startApi({ token: TOKEN, publicDir });
  }, 90_000);
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });

  it('lists exactly the routes that are open as open', () => {
    const open = routes.filter(({ operation }) => operation.security === undefined || operation.security.length === 0);
    expect(open.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(OPEN);
  });

  it.each(routes.map(({ method, path }) => [method, path] as const))('guards %s %s', async (method, path) => {
    const url = `${api.url}${concrete(path)}`;
    const isOpen = OPEN.includes(`${method} ${path}`);
    const bodies = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${TOKEN}` }]) {
      const answer = await httpJson(url, { method, headers, ...bodies });
      if (isOpen) expect(answer.status).toBe(200);
      else {
        expect(answer.status).toBe(401);
        expect(answer.body).toMatchObject({ code: 'API_UNAUTHENTICATED', errors: [] });
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="lockstep"');
      }
    }
  });

  it('lets the token in, whatever the host is called', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, host: 'lockstep.example.org' };
    expect((await httpJson(`${api.url}/api/v1/workers`, { headers })).status).toBe(200);
  });

  it('denies what does not exist as well, so that nothing can be explored', async () => {
    for (const path of [
      '/api/v1/nothing',
      '/nothing',
      '/%61pi/v1/workers',
      '/api/v1/workers/',
      '//api/v1/workers',
      '/../etc/passwd',
      '/package.json',
    ]) {
      expect((await httpJson(`${api.url}${path}`)).status).toBe(401);
    }
  });

  it('denies before it reads a body', async () => {
    const answer = await httpJson(`${api.url}/api/v1/connectors`, { method: 'POST', body: '{"broken' });
    expect(answer.status).toBe(401);
  });

  it('serves the pages and nothing beside them', async () => {
    const index = await httpJson<string>(`${api.url}/`);
    expect(index.body).toContain('console');
    expect(index.headers['content-security-policy']).toContain("script-src 'self'");
    expect(index.headers['x-frame-options']).toBe('DENY');
    expect((await httpJson(`${api.url}/console.js`)).status).toBe(200);
    expect(
      (await httpJson(`${api.url}/..%2fpackage.json`, { headers: { authorization: `Bearer ${TOKEN}` } })).status,
    ).toBe(404);
  });

  it('never answers with CORS headers', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, origin: 'https://evil.example' };
    const answer = await httpJson(`${api.url}/api/v1/workers`, { headers });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('without a token', () => {
  let api: ApiContext;
  beforeAll(async () => {
    api = await startApi({ publicDir });
  }, 90_000);
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
  });
  const get = (headers: Record<string, string>, path = '/api/v1/workers') => httpJson(`${api.url}${path}`, { headers });

  it.each([
    ['localhost', (port: number) => ({ host: `localhost:${String(port)}` }), 200],
    ['127.0.0.1', (port: number) => ({ host: `127.0.0.1:${String(port)}` }), 200],
    ['upper case', (port: number) => ({ host: `LOCALHOST:${String(port)}` }), 200],
    ['the IPv6 loopback', (port: number) => ({ host: `[::1]:${String(port)}` }), 200],
    ['a foreign name (DNS rebinding)', (port: number) => ({ host: `evil.example:${String(port)}` }), 403],
    ['another port', () => ({ host: 'localhost:1' }), 403],
    ['no port', () => ({ host: 'localhost' }), 403],
    ['a name that begins like ours', (port: number) => ({ host: `localhost.evil.example:${String(port)}` }), 403],
    [
      'its own origin',
      (port: number) => ({ host: `localhost:${String(port)}`, origin: `http://localhost:${String(port)}` }),
      200,
    ],
    ['a foreign origin', () => ({ origin: 'https://evil.example' }), 403],
    ['an opaque origin', () => ({ origin: 'null' }), 403],
    ['another local service', () => ({ origin: 'http://localhost:3000' }), 403],
    ['a fetch from another site', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }), 403],
    ['a fetch from another port', () => ({ 'sec-fetch-site': 'same-site' }), 403],
    ['a fetch of its own page', () => ({ 'sec-fetch-site': 'same-origin' }), 200],
    ['an address that was typed', () => ({ 'sec-fetch-site': 'none' }), 200],
    [
      'a link to the API',
      () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }),
      403,
    ],
  ])('asked by %s', async (_what, headersOf, status) => {
    const answer = await get(headersOf(api.port));
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.code).toBe('API_FORBIDDEN');
  });

  it('may be linked to, but not framed or fetched', async () => {
    const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect((await get(link, '/')).status).toBe(200);
    expect((await get({ ...link, 'sec-fetch-dest': 'iframe' }, '/')).status).toBe(403);
    expect((await get({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, '/public_key')).status).toBe(403);
  });

  it('guards pages and paths that do not exist in the same way', async () => {
    for (const path of ['/', '/docs', '/nothing']) {
      expect((await get({ host: 'evil.example' }, path)).status).toBe(403);
    }
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'lockstep.example.org'])('refuses to listen on %s', async (host) => {
    const settings = {
      elasticsearch: { url: 'http://127.0.0.1:1' },
      indexPrefix: 'x',
      logLevel: 'silent',
      api: { host, port: 0 },
    } as unknown as Settings;
    await expect(createApp({ settings, logger: createLogger('silent', 'test') })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
    });
  });
});
