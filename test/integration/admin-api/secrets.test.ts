import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { httpJson, uniqueName } from '@lockstep/testing';
import { type ApiContext, connectorInput, startApi } from './api-context';
import { EventStream } from './event-stream';

jest.setTimeout(60_000);
const TOKEN = 'canary-token-4f6a1c9e8b7d';
const CANARIES = {
  password: 'canary-password-1a2b3c',
  apiKey: 'canary-apikey-4d5e6f',
  entry: 'canary-entry-7a8b9c',
  sealed: 'canary-sealed-0d1e2f',
};
let api: ApiContext;
beforeAll(async () => {
  api = await startApi({ token: TOKEN });
}, 90_000);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

describe('secrets', () => {
  it('are in no answer, no event, no log line and no stored document', async () => {
    const outputs: string[] = [];
    const call = async (
      path: string,
      method = 'GET',
      body?: unknown,
    ): Promise<{ status: number; body: { id?: string } }> => {
      const answer = await api.request(path, { method, ...(body === undefined ? {} : { body }) });
      outputs.push(`${method} ${path}\n${JSON.stringify(answer.headers)}\n${JSON.stringify(answer.body)}`);
      return answer;
    };
    const uri = `mongodb://app:${CANARIES.password}@127.0.0.1:27017/?replicaSet=rs0`;
    const source = { uri, database: 'shop', collections: ['orders'] };
    const elasticsearch = { url: 'https://127.0.0.1:9', apiKey: { secret: CANARIES.apiKey } };
    await call('/api/v1/config/a', 'PUT', { secret: CANARIES.entry });
    const jwe = await api.sealAsClient(CANARIES.sealed);
    await call('/api/v1/config/b', 'PUT', { sealed: jwe });
    const name = uniqueName('canary');
    const created = await call(
      '/api/v1/connectors',
      'POST',
      connectorInput(name, { source, sink: { index: name, elasticsearch } }),
    );
    expect(created.status).toBe(201);
    const path = `/api/v1/connectors/${created.body.id!}`;
    const stream = await EventStream.open(`${api.url}/api/v1/events`, { authorization: `Bearer ${TOKEN}` });
    await stream.waitFor((e) => e.event === 'connector' && e.data.id === created.body.id);
    // Requests that fail have seen the secrets as well.
    await call('/api/v1/connectors', 'POST', connectorInput(name, { source }));
    await call(
      '/api/v1/connectors',
      'POST',
      connectorInput('other', { source, sink: { index: 'UPPER', elasticsearch } }),
    );
    await call('/api/v1/connectors', 'POST', { ...connectorInput('other', { source }), [CANARIES.entry.length]: 1 });
    await call(
      '/api/v1/connectors',
      'POST',
      connectorInput('other', { source: { ...source, uri: `http://u:${CANARIES.password}@h` } }),
    );
    await call(
      '/api/v1/connectors',
      'POST',
      connectorInput('other', { source: { ...source, uri: `mongodb://u:${CANARIES.password}@h:99999/?x=y` } }),
    );
    await call('/api/v1/config/c', 'PUT', { secret: { nested: CANARIES.entry } });
    await call('/api/v1/config/c', 'PUT', { secret: CANARIES.entry, value: CANARIES.password });
    await call('/api/v1/config/c', 'PUT', `{"secret": "${CANARIES.entry}`);
    await call(path, 'PATCH', { source: { collections: ['a'] } });
    await call(path, 'PATCH', { source: { uri: { secret: uri } } });
    await call(`${path}/actions/start`, 'POST');
    for (const read of [
      '/api/v1/config',
      '/api/v1/config/a',
      '/api/v1/config/b',
      '/api/v1/connectors',
      path,
      '/api/v1/jobs',
      '/api/v1/workers',
      '/api/v1/system',
      '/health/ready',
      '/metrics',
      '/public_key',
      '/.well-known/jwks.json',
      '/openapi.json',
      '/docs',
      '/docs/swagger-ui-init.js',
      `${path}/dead-letters`,
    ]) {
      expect((await call(read)).status).toBe(200);
    }
    await stream.waitFor((e) => e.event === 'job');
    stream.close();
    await httpJson(`${api.url}/api/v1/jobs`, { headers: { authorization: `Bearer ${TOKEN}x` } });
    const stored = await api.client.search({ index: `${api.prefix}-*`, size: 1_000 });

    const everything = {
      answers: outputs.join('\n'),
      events: JSON.stringify(stream.events),
      log: api.logText(),
      stored: JSON.stringify(stored),
    };
    expect(everything.answers).toContain(name);
    expect(everything.events).toContain(name);
    expect(everything.stored).toContain(name);
    expect(everything.log).toContain('/api/v1/connectors');
    const secrets = [...Object.values(CANARIES), TOKEN];
    for (const [where, text] of Object.entries(everything)) {
      expect({ where, found: secrets.filter((secret) => text.includes(secret)) }).toEqual({ where, found: [] });
    }
    // Ciphertext is stored, and stays there.
    const sealedForms = /eyJ[\w-]{20,}\.[\w-]*\./;
    expect(everything.stored).toMatch(sealedForms);
    expect(`${everything.answers}${everything.events}${everything.log}`).not.toMatch(sealedForms);
  });

  it('are in no example of the committed document', () => {
    const document = readFileSync(join(__dirname, '../../../openapi.json'), 'utf8');
    expect(document).not.toMatch(/-----BEGIN (?:RSA )?PRIVATE KEY/);
    expect(document).not.toMatch(/mongodb:\/\/[^"*]+:[^"*]+@/);
  });
});
