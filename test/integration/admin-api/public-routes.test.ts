import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint } from 'jose';
import { httpJson } from '@lockstep/testing';
import { type ApiContext, startApi } from './api-context';

let api: ApiContext;
beforeAll(async () => {
  api = await startApi();
}, 90_000);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('keys', () => {
  it('publishes the current key as PEM', async () => {
    const answer = await api.request('/public_key');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/x-pem-file');
    const key = createPublicKey(answer.body as string);
    expect(key.asymmetricKeyDetails?.modulusLength).toBeGreaterThanOrEqual(3_072);
  });

  it('publishes public members only, the same key first', async () => {
    const { body } = await api.request('/.well-known/jwks.json');
    const [first] = body.keys as Record<string, string>[];
    expect(Object.keys(first!).sort()).toEqual(['alg', 'e', 'enc', 'kid', 'kty', 'n', 'use']);
    expect(first).toMatchObject({ kid: api.keyId, use: 'enc', alg: 'RSA-OAEP-256', enc: 'A256GCM' });
    expect(await calculateJwkThumbprint({ kty: 'RSA', n: first!.n!, e: first!.e! })).toBe(api.keyId);
    const pem = (await api.request('/public_key')).body as string;
    expect(createPublicKey(pem).export({ format: 'jwk' }).n).toBe(first!.n);
  });
});

describe('operations', () => {
  it('tells versions and limits', async () => {
    const { status, body } = await api.request('/api/v1/system');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      elasticsearchVersion: expect.stringMatching(/^\d+\./),
      indexPrefix: api.prefix,
      installationId: expect.stringMatching(/^ins_/),
      isTokenRequired: false,
      limits: { maxBodyBytes: 1_048_576 },
    });
  });

  it('is live and ready, and serves metrics', async () => {
    expect((await api.request('/health/live')).body).toEqual({ status: 'live' });
    expect((await api.request('/health/ready')).body.status).toBe('ready');
    const metrics = await api.request('/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics.body).toContain('# TYPE ');
  });

  it('answers HEAD like GET without a body', async () => {
    const answer = await api.request('/health/ready', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: undefined });
  });
});

describe('documentation', () => {
  it('serves Swagger UI from its own files, under a policy that lets it work', async () => {
    const page = await api.request('/docs');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const policy = page.headers['content-security-policy'] as string;
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    const scripts = [...(page.body as string).matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(scripts.length).toBeGreaterThan(3);
    for (const script of scripts) {
      expect(script).toMatch(/^\.\/docs\//);
      expect((await api.request(script.slice(1))).status).toBe(200);
    }
    expect(page.body).not.toMatch(/<script>/);
  });

  it('serves the document that is written for the routes', async () => {
    const { body } = await api.request('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['/', '/public_key', '/api/v1/connectors/{id}']));
    const ids = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap((item) =>
      Object.values(item).map((operation) => operation.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(
      expect.arrayContaining(['connectors.list', 'connectors.start', 'jobs.cancel', 'events.stream']),
    );
  });

  it('describes the same routes in words, in the committed file and in what is served', async () => {
    const root = join(__dirname, '../../..');
    const routesOf = (document: { paths: Record<string, object> }): string[] =>
      Object.entries(document.paths).flatMap(([path, item]) =>
        Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
      );
    const committed = routesOf(JSON.parse(readFileSync(join(root, 'openapi.json'), 'utf8')));
    const described = readFileSync(join(root, 'docs/api.md'), 'utf8').matchAll(/^\| `([A-Z]+ \/[^`]*)`/gm);
    expect([...described].map((match) => match[1]).sort()).toEqual([...committed].sort());
    expect(routesOf((await api.request('/openapi.json')).body).sort()).toEqual([...committed].sort());
  });

  it('sends strict headers with everything', async () => {
    const { headers } = await httpJson(`${api.url}/api/v1/workers`);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});
