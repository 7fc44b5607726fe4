import { connect } from 'node:net';
import { httpJson } from '@lockstep/testing';
import { type ApiContext, connectorInput, startApi } from './api-context';

let api: ApiContext;
beforeAll(async () => {
  api = await startApi();
}, 90_000);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const UNKNOWN_CONNECTOR = '/api/v1/connectors/con_00000000000000000000000000';
const UNKNOWN_JOB = '/api/v1/jobs/job_00000000000000000000000000';

interface Case {
  readonly what: string;
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
}

const cases: readonly Case[] = [
  { what: 'an unknown path', path: '/api/v1/nothing', status: 404, code: 'API_ROUTE_UNKNOWN' },
  {
    what: 'an action that is not there',
    path: `${UNKNOWN_CONNECTOR}/actions/verify`,
    method: 'POST',
    status: 404,
    code: 'API_ROUTE_UNKNOWN',
  },
  { what: 'a wrong method', path: '/api/v1/workers', method: 'DELETE', status: 405, code: 'API_METHOD_NOT_ALLOWED' },
  {
    what: 'a wrong method on a path with an id',
    path: UNKNOWN_JOB,
    method: 'PUT',
    status: 405,
    code: 'API_METHOD_NOT_ALLOWED',
  },
  { what: 'a preflight', path: '/api/v1/connectors', method: 'OPTIONS', status: 405, code: 'API_METHOD_NOT_ALLOWED' },
  {
    what: 'malformed JSON',
    path: '/api/v1/connectors',
    method: 'POST',
    body: '{"name":',
    status: 400,
    code: 'API_REQUEST_MALFORMED',
  },
  {
    what: 'a key that reaches for a prototype',
    path: '/api/v1/connectors',
    method: 'POST',
    body: '{"__proto__":{"a":1}}',
    status: 400,
    code: 'API_REQUEST_MALFORMED',
  },
  {
    what: 'JSON of ten thousand levels',
    path: '/api/v1/connectors',
    method: 'POST',
    body: '['.repeat(10_000) + ']'.repeat(10_000),
    status: 400,
    code: 'API_REQUEST_MALFORMED',
  },
  {
    what: 'a body over 1 MiB',
    path: '/api/v1/connectors',
    method: 'POST',
    body: JSON.stringify({ name: 'x'.repeat(1_100_000) }),
    status: 413,
    code: 'API_BODY_TOO_LARGE',
  },
  {
    what: 'a form',
    path: '/api/v1/connectors',
    method: 'POST',
    body: 'name=shop',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'API_MEDIA_TYPE_UNSUPPORTED',
  },
  {
    what: 'plain text',
    path: '/api/v1/config/a',
    method: 'PUT',
    body: 'hello',
    headers: { 'content-type': 'text/plain' },
    status: 415,
    code: 'API_MEDIA_TYPE_UNSUPPORTED',
  },
  {
    what: 'a compressed body',
    path: '/api/v1/config/a',
    method: 'PUT',
    body: '{"value":1}',
    headers: { 'content-encoding': 'gzip' },
    status: 415,
    code: 'API_MEDIA_TYPE_UNSUPPORTED',
  },
  {
    what: 'an unknown field',
    path: '/api/v1/connectors',
    method: 'POST',
    body: { ...connectorInput('a'), ownerId: 'me' },
    status: 400,
    code: 'API_FIELD_UNKNOWN',
    pointer: '/ownerId',
  },
  {
    what: 'an unknown field of a part',
    path: '/api/v1/connectors',
    method: 'POST',
    body: connectorInput('a', { sink: { index: 'a', lease: 1 } }),
    status: 400,
    code: 'API_FIELD_UNKNOWN',
    pointer: '/sink/lease',
  },
  {
    what: 'a state that is not the client’s to set',
    path: '/api/v1/connectors',
    method: 'POST',
    body: { ...connectorInput('a'), observedState: 'streaming' },
    status: 400,
    code: 'API_FIELD_UNKNOWN',
    pointer: '/observedState',
  },
  {
    what: 'a body that is a list',
    path: '/api/v1/connectors',
    method: 'POST',
    body: [1],
    status: 422,
    code: 'API_REQUEST_INVALID',
  },
  {
    what: 'a body that is null',
    path: '/api/v1/connectors',
    method: 'POST',
    body: 'null',
    status: 422,
    code: 'API_REQUEST_INVALID',
  },
  {
    what: 'a malformed URI',
    path: '/api/v1/connectors',
    method: 'POST',
    body: connectorInput('a', { source: { uri: 'http://x', database: 'd', collections: ['c'] } }),
    status: 422,
    code: '*',
    pointer: '/source/uri',
  },
  {
    what: 'a forbidden index name',
    path: '/api/v1/connectors',
    method: 'POST',
    body: connectorInput('a', { sink: { index: 'UPPER*' } }),
    status: 422,
    code: 'API_REQUEST_INVALID',
    pointer: '/sink/index',
  },
  {
    what: 'a malformed JWE',
    path: '/api/v1/config/a',
    method: 'PUT',
    body: { sealed: 'not.a.jwe' },
    status: 422,
    code: 'SECRET_MALFORMED',
  },
  {
    what: 'two kinds of value',
    path: '/api/v1/config/a',
    method: 'PUT',
    body: { value: 1, secret: 'x' },
    status: 422,
    code: 'API_REQUEST_INVALID',
  },
  {
    what: 'an unknown query parameter',
    path: '/api/v1/jobs?connector=1',
    status: 400,
    code: 'API_FIELD_UNKNOWN',
    pointer: '/connector',
  },
  {
    what: 'a page size that is no number',
    path: '/api/v1/jobs?pageSize=all',
    status: 422,
    code: 'API_REQUEST_INVALID',
    pointer: '/pageSize',
  },
  {
    what: 'a page too large',
    path: '/api/v1/connectors?pageSize=100000',
    status: 422,
    code: 'API_REQUEST_INVALID',
    pointer: '/pageSize',
  },
  {
    what: 'a parameter given twice',
    path: '/api/v1/jobs?state=pending&state=failed',
    status: 422,
    code: 'API_REQUEST_INVALID',
    pointer: '/state',
  },
  {
    what: 'a page token of somebody’s own',
    path: '/api/v1/connectors?pageToken=abc',
    status: 422,
    code: 'API_REQUEST_INVALID',
  },
  {
    what: 'a job page token of somebody’s own',
    path: '/api/v1/jobs?pageToken=abc',
    status: 422,
    code: 'API_REQUEST_INVALID',
  },
  { what: 'an unknown connector', path: UNKNOWN_CONNECTOR, status: 404, code: 'CONNECTOR_UNKNOWN' },
  { what: 'an unknown job', path: UNKNOWN_JOB, status: 404, code: 'JOB_UNKNOWN' },
  { what: 'an unknown config entry', path: '/api/v1/config/nothing-here', status: 404, code: 'CONFIG_ENTRY_UNKNOWN' },
  {
    what: 'an id with a slash in it',
    path: '/api/v1/connectors/con_%2f..%2f_search',
    status: 404,
    code: 'CONNECTOR_UNKNOWN',
  },
  { what: 'an id with a NUL in it', path: '/api/v1/jobs/job_%00', status: 404, code: 'JOB_UNKNOWN' },
  {
    what: 'a very long id',
    path: `/api/v1/connectors/${'x'.repeat(2_000)}`,
    status: 414,
    code: 'API_REQUEST_MALFORMED',
  },
  { what: 'a path that is no path', path: '/api/v1/connectors/%zz', status: 400, code: 'API_REQUEST_MALFORMED' },
  {
    what: 'an Idempotency-Key with blanks',
    path: '/api/v1/connectors',
    method: 'POST',
    body: connectorInput('a'),
    headers: { 'idempotency-key': 'a b' },
    status: 400,
    code: 'API_REQUEST_MALFORMED',
  },
  {
    what: 'an event filter that is no id',
    path: '/api/v1/events?connectorId=x',
    status: 422,
    code: 'API_REQUEST_INVALID',
    pointer: '/connectorId',
  },
];

describe('problems', () => {
  it.each(cases)('answers $what', async (given) => {
    const answer = await api.request(given.path, {
      ...(given.method === undefined ? {} : { method: given.method }),
      ...(given.body === undefined ? {} : { body: given.body }),
      headers: { ...(given.body === undefined ? {} : JSON_TYPE), ...given.headers },
    });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: given.status });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    const problem = answer.body as Record<string, unknown>;
    expect(problem).toMatchObject({
      type: `urn:lockstep:error:${String(problem.code)}`,
      title: expect.any(String),
      status: given.status,
      detail: expect.any(String),
      instance: `urn:lockstep:request:${String(answer.headers['x-request-id'])}`,
      remedy: expect.any(String),
      errors: expect.any(Array),
    });
    if (given.code !== '*') expect(problem.code).toBe(given.code);
    if (given.pointer !== undefined) {
      expect((problem.errors as { pointer: string }[]).map((e) => e.pointer)).toContain(given.pointer);
    }
    expect(JSON.stringify(problem)).not.toMatch(/\bat \/|node_modules|\.ts:/);
  });

  it('names the allowed methods', async () => {
    const answer = await api.request('/api/v1/connectors', { method: 'PUT' });
    expect(answer.headers.allow).toBe('GET, HEAD, POST');
  });

  it('takes over a harmless request id and replaces any other', async () => {
    const taken = await api.request('/api/v1/workers', { headers: { 'x-request-id': 'abc-123' } });
    expect(taken.headers['x-request-id']).toBe('abc-123');
    const replaced = await api.request('/api/v1/workers', { headers: { 'x-request-id': 'a b"c' } });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes an empty body with a JSON content type as no body', async () => {
    const answer = await api.request(`${UNKNOWN_CONNECTOR}/actions/start`, { method: 'POST', headers: JSON_TYPE });
    expect(answer.body.code).toBe('CONNECTOR_UNKNOWN');
  });

  it('answers what is no HTTP without falling over', async () => {
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(api.port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('close', () => {
        resolve(received);
      });
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect((await httpJson(`${api.url}/health/live`)).status).toBe(200);
  });
});

describe('without Elasticsearch', () => {
  it('is up, not ready, and says when to try again', async () => {
    await using down = await startApi({ elasticsearchUrl: 'http://127.0.0.1:1' });
    expect((await down.request('/health/live')).status).toBe(200);
    const ready = await down.request('/health/ready');
    expect(ready.status).toBe(503);
    expect(ready.body.checks.elasticsearch).toEqual({ isHealthy: false, code: 'SINK_UNREACHABLE' });
    const list = await down.request('/api/v1/connectors');
    expect(list.status).toBe(503);
    expect(list.headers['retry-after']).toBe('1');
    expect(list.body.retryAfterMs).toBe(1_000);
    expect(['SINK_UNREACHABLE', 'API_UNAVAILABLE']).toContain(list.body.code);
    const system = await down.request('/api/v1/system');
    expect(system.body).toMatchObject({ installationId: null, elasticsearchVersion: null, isTokenRequired: false });
  });
});

describe('without keys', () => {
  it('serves everything but what needs them', async () => {
    await using bare = await startApi({ withoutKeys: true });
    expect((await bare.request('/public_key')).body.code).toBe('KEY_MISSING');
    expect((await bare.request('/health/ready')).body.checks.keys).toEqual({ isHealthy: false, code: 'KEY_MISSING' });
  });
});
