import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { CompactEncrypt, importSPKI } from 'jose';
import { createElasticClient, type ElasticClient } from '@lockstep/elastic';
import { createLogger } from '@lockstep/observability';
import { generateKeyPair } from '@lockstep/sealed-secrets';
import type { Settings } from '@lockstep/settings';
import { eventually, httpJson, type HttpJsonAnswer, type HttpJsonOptions, testServers } from '@lockstep/testing';
import { randomBytes } from 'node:crypto';
import { createApp } from '../../../apps/admin-api/src/create-app';

export interface ApiContextOptions {
  readonly token?: string;
  /** @defaultValue the shared server of the run */
  readonly elasticsearchUrl?: string;
  readonly publicDir?: string;
  readonly withoutKeys?: boolean;
  /** @defaultValue 10 000 */
  readonly leaseTtlMs?: number;
}

/** A running API of the test's own, on a real Elasticsearch. */
export interface ApiContext extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly client: ElasticClient;
  readonly prefix: string;
  readonly keyId: string;
  /** Everything that was logged, as text. */
  logText(): string;
  /** A request below the root; the token, if there is one, is sent unless headers name another. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
  request(path: string, options?: HttpJsonOptions): Promise<HttpJsonAnswer<any>>;
  /** A JWE as a client makes it with the published key. */
  sealAsClient(plaintext: string, header?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

const settingsOf = (prefix: string, publicKeysDir: string | undefined, options: ApiContextOptions): Settings =>
  ({
    elasticsearch: { url: options.elasticsearchUrl ?? testServers().elasticsearchUrl },
    indexPrefix: prefix,
    logLevel: 'debug',
    leaseTtlMs: options.leaseTtlMs ?? 10_000,
    api: { host: '127.0.0.1', port: 0, ...(options.token === undefined ? {} : { token: options.token }) },
    ...(publicKeysDir === undefined ? {} : { publicKeysDir }),
  }) as unknown as Settings;

export async function startApi(options: ApiContextOptions = {}): Promise<ApiContext> {
  const prefix = `t${randomBytes(5).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-api-'));
  const publicDir = join(folder, 'public');
  const keyId = await generateKeyPair(join(folder, 'private'), publicDir, { force: false });
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  const app = await createApp({
    settings: settingsOf(prefix, options.withoutKeys === true ? undefined : publicDir, options),
    logger: createLogger('debug', 'admin-api', destination),
    ...(options.publicDir === undefined ? {} : { publicDir: options.publicDir }),
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as { port: number };
  const url = `http://127.0.0.1:${String(port)}`;
  const client = createElasticClient({ url: testServers().elasticsearchUrl });
  const authorization = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  let isClosed = false;
  const context: ApiContext = {
    url,
    port,
    client,
    prefix,
    keyId,
    logText: () => lines.join(''),
    request: (path, request = {}) =>
      httpJson(`${url}${path}`, { ...request, headers: { ...authorization, ...request.headers } }),
    async sealAsClient(plaintext, header = {}) {
      const answer = await httpJson(`${url}/public_key`);
      const key = await importSPKI(answer.body as string, 'RSA-OAEP-256');
      return new CompactEncrypt(new TextEncoder().encode(plaintext))
        .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: keyId, ...header })
        .encrypt(key);
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      await app.close();
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      const found = await client.indices.get({ index: `${prefix}*`, filter_path: '*.settings.index.uuid' });
      const indices = Object.keys(found);
      if (indices.length > 0) await client.indices.delete({ index: indices });
      await client.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  if (options.elasticsearchUrl === undefined && options.withoutKeys !== true) {
    await eventually(async () => (await httpJson(`${url}/health/ready`)).status === 200, {
      timeoutMs: 60_000,
      what: 'the API to be ready',
    });
    // Writes that wait until a search sees them would take a second each.
    await client.indices.putSettings({ index: `${prefix}-*`, settings: { refresh_interval: '50ms' } });
  }
  return context;
}

/** A valid connector of a unique name. */
export function connectorInput(name: string, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name,
    source: { uri: 'mongodb://127.0.0.1:27017/?replicaSet=rs0', database: 'shop', collections: ['orders', 'cust*'] },
    sink: { index: `${name}-{collection}` },
    ...overrides,
  };
}
