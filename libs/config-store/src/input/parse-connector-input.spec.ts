import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector, ConnectorConfig, StoredSecret } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import { generateKeyPair, PublicKeyRing, SecretOpener, SecretSealer } from '@lockstep/sealed-secrets';
import { CompactEncrypt } from 'jose';
import { createPublicKey } from 'node:crypto';
import { connectorView, parseConnectorInput, patchConnector, secretContext, SecretResolver } from '../index.js';

// Making RSA keys takes seconds on a busy machine.
jest.setTimeout(60_000);

const id = 'con_0123456789abcdefghjkmnpqrs';
const URI = 'mongodb://reader:canary-password@db1:27017/?replicaSet=rs0';
const REDACTED = 'mongodb://reader:***@db1:27017/?replicaSet=rs0';

interface Input {
  name?: unknown;
  source?: Record<string, unknown>;
  sink?: Record<string, unknown>;
  [key: string]: unknown;
}

const input = (change: Input = {}): Input => ({
  name: 'orders',
  ...change,
  source: { uri: 'mongodb://localhost/', database: 'shop', collections: ['orders'], ...change.source },
  sink: { index: '{database}.{collection}', ...change.sink },
});
const elastic = (elasticsearch: Record<string, unknown>): Input => input({ sink: { elasticsearch } });

describe('parseConnectorInput', () => {
  let root: string;
  let ring: PublicKeyRing;
  let sealer: SecretSealer;
  let opener: SecretOpener;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'lockstep-config-'));
    await generateKeyPair(join(root, 'private'), join(root, 'public'));
    ring = await PublicKeyRing.load(join(root, 'public'));
    sealer = new SecretSealer(ring);
    opener = await SecretOpener.load(join(root, 'private'));
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const parse = (body: unknown, current?: ConnectorConfig): Promise<ConnectorConfig> =>
    parseConnectorInput(body, { id, sealer, ...(current === undefined ? {} : { current }) });
  const failure = async (body: unknown, current?: ConnectorConfig): Promise<LockstepError> => {
    const error: unknown = await parse(body, current).then(
      () => new Error('the input was accepted'),
      (reason: unknown) => reason,
    );
    if (error instanceof LockstepError) return error;
    throw error as Error;
  };
  const connector = (config: ConnectorConfig): Connector => ({
    id,
    revision: 1,
    desiredState: 'stopped',
    config,
    createdAt: '',
    updatedAt: '',
    etag: '1.1',
  });
  const clientJwe = (text: string, header: object = {}): Promise<string> =>
    new CompactEncrypt(Buffer.from(text))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: ring.current.kid, ...header })
      .encrypt(createPublicKey(ring.current.pem));
  const text = (secret: StoredSecret, field: 'source.uri' | 'sink.elasticsearch.apiKey'): Promise<string> =>
    new SecretResolver({ read: () => Promise.resolve(undefined) }, opener).resolve(secret, secretContext(id, field));

  it('fills the defaults', async () => {
    expect(await parse(input())).toEqual({
      name: 'orders',
      source: {
        uri: { kind: 'plain', value: 'mongodb://localhost/' },
        database: 'shop',
        collections: ['orders'],
        onDrop: 'keep',
        onHistoryLost: 'wait',
        partitions: 1,
      },
      sink: {
        index: '{database}.{collection}',
        layout: 'alias',
        adopt: false,
        onRefused: 'delete',
        brakeRatio: 0.2,
        deadLetterContent: false,
        errorMonitor: { consecutive: 100, ratio: 0.15, window: 1_000, total: null },
      },
    });
  });

  it('keeps everything that is given', async () => {
    const source = {
      uri: { config: 'mongo.uri' },
      database: 'shop',
      collections: ['orders', 'cust*'],
      filter: { a: 1 },
      fields: { include: ['a.b', '_id'] },
      onDrop: 'follow',
      onHistoryLost: 'resync',
    };
    const sink = {
      index: 'x-{collection}',
      layout: 'index',
      adopt: true,
      onRefused: 'keepOld',
      brakeRatio: 1,
      deadLetterContent: true,
      errorMonitor: { consecutive: 5, ratio: 0.5, window: 50, total: 7 },
      elasticsearch: { url: 'https://es:9200', username: 'u', password: { config: 'es.password' } },
      mappings: { properties: {}, dynamic_templates: [] },
      settings: { number_of_shards: 3 },
      strings: 'keyword',
      conflicts: 'ignoreMalformed',
      fields: { 'a.b': { strings: 'none' }, raw: { type: 'flattened' } },
    };
    const parsed = await parse({ name: 'n', source, sink });
    expect(connectorView(connector(parsed))).toMatchObject({ name: 'n', source, sink });
    expect(await parse(patchConnector(connector(parsed), {}), parsed)).toEqual(parsed);
  });

  describe('secrets', () => {
    it.each<[string, unknown]>([
      ['with a password', URI],
      ['named secret', { secret: URI }],
    ])('seals a URI %s and shows it redacted', async (_what, uri) => {
      const config = await parse(input({ source: { uri } }));
      expect(config.source.uri).toMatchObject({ kind: 'sealed', keyId: ring.current.kid, display: REDACTED });
      expect(await text(config.source.uri, 'source.uri')).toBe(URI);
      const view = connectorView(connector(config));
      expect(view.source.uri).toBe(REDACTED);
      expect(JSON.stringify([config, view])).not.toContain('canary');
      expect(JSON.stringify(view)).not.toContain('eyJ');
    });

    it('seals a URI without a password when it is named secret', async () => {
      const config = await parse(input({ source: { uri: { secret: 'mongodb://h/' } } }));
      expect(config.source.uri.kind).toBe('sealed');
    });

    it.each<[string, object]>([
      ['without lsk', {}],
      ['with lsk', { lsk: { purpose: 'connector', subject: 'source.uri' } }],
    ])('wraps a JWE of a client %s and shows nothing of it', async (_what, header) => {
      const sealed = await clientJwe(URI, header);
      const config = await parse(input({ source: { uri: { sealed } } }));
      expect(config.source.uri).toMatchObject({ kind: 'sealed', display: null });
      expect(JSON.stringify(config)).not.toContain(sealed);
      expect(connectorView(connector(config)).source.uri).toEqual({ sealed: true, keyId: ring.current.kid });
      expect(await text(config.source.uri, 'source.uri')).toBe(URI);
    });

    it('refuses a JWE for another field, of an unknown key, or none at all, each with its code', async () => {
      const jwe = await clientJwe(URI, { lsk: { purpose: 'connector', subject: 'sink.elasticsearch.apiKey' } });
      const unknown = await clientJwe(URI, { kid: 'x' });
      for (const [sealed, code] of [
        [jwe, 'SECRET_MALFORMED'],
        [unknown, 'KEY_UNKNOWN'],
        ['nonsense', 'SECRET_MALFORMED'],
      ]) {
        const error = await failure(input({ source: { uri: { sealed } } }));
        expect(error.fields).toMatchObject([{ pointer: '/source/uri', code }]);
      }
    });

    it('always seals credentials of Elasticsearch', async () => {
      const config = await parse(elastic({ url: 'https://es:9200/', apiKey: 'canary-key' }));
      const { elasticsearch } = config.sink;
      expect(elasticsearch?.url).toBe('https://es:9200');
      expect(elasticsearch?.apiKey).toMatchObject({ kind: 'sealed', display: null });
      expect(await text(elasticsearch!.apiKey!, 'sink.elasticsearch.apiKey')).toBe('canary-key');
      expect(JSON.stringify(connectorView(connector(config)))).not.toContain('canary');
    });

    it.each([
      5,
      true,
      [],
      {},
      { secret: 5 },
      { config: 'a/b' },
      { config: 'a', secret: 'b' },
      { sealed: true },
      { other: 'x' },
    ])('refuses the form %j', async (uri) => {
      expect((await failure(input({ source: { uri } }))).fields[0]?.pointer).toBe('/source/uri');
    });

    it('opens at its field only', async () => {
      const config = await parse(input({ source: { uri: URI } }));
      await expect(text(config.source.uri, 'sink.elasticsearch.apiKey')).rejects.toMatchObject({
        code: 'SECRET_DECRYPT_FAILED',
      });
    });

    it('is checked again when a client sealed it: dangerous options never reach the driver', async () => {
      const sealed = await clientJwe('mongodb://h/?tlsCAFile=/etc/canary');
      const config = await parse(input({ source: { uri: { sealed } } }));
      await expect(text(config.source.uri, 'source.uri')).rejects.toMatchObject({ code: 'SOURCE_URI_INVALID' });
      await expect(text(config.source.uri, 'source.uri')).rejects.not.toThrow('canary');
    });
  });

  describe('patches', () => {
    const sealedConfig = (): Promise<ConnectorConfig> =>
      parse(input({ source: { uri: URI }, sink: { elasticsearch: { url: 'https://es:9200', apiKey: 'k' } } }));
    const patch = async (current: ConnectorConfig, change: unknown): Promise<ConnectorConfig> =>
      parse(patchConnector(connector(current), change), current);

    it.each<[string, unknown]>([
      ['another field', { name: 'renamed' }],
      ['the sentinel', { source: { uri: { $secret: 'unchanged' } } }],
      ['the redacted URI', { source: { uri: REDACTED } }],
      ['the shown key', { sink: { elasticsearch: { apiKey: { $secret: 'unchanged' } } } }],
    ])('keep secrets with %s', async (_what, change) => {
      const current = await sealedConfig();
      const next = await patch(current, change);
      expect(next.source.uri).toEqual(current.source.uri);
      expect(next.sink.elasticsearch).toEqual(current.sink.elasticsearch);
    });

    it('replace a secret as a whole', async () => {
      const current = await sealedConfig();
      const next = await patch(current, { source: { uri: { secret: 'mongodb://u:new@h/' } } });
      expect(await text(next.source.uri, 'source.uri')).toBe('mongodb://u:new@h/');
      expect((await patch(current, { source: { uri: { config: 'x' } } })).source.uri).toEqual({
        kind: 'config',
        key: 'x',
      });
    });

    it('remove with null and change the way to sign in', async () => {
      const current = await sealedConfig();
      const next = await patch(current, { sink: { elasticsearch: { apiKey: null, username: 'u', password: 'p' } } });
      expect(next.sink.elasticsearch).toMatchObject({ username: 'u', password: { kind: 'sealed' } });
      expect(next.sink.elasticsearch).not.toHaveProperty('apiKey');
      expect((await patch(current, { sink: { elasticsearch: null } })).sink).not.toHaveProperty('elasticsearch');
    });

    it('refuse to take a kept credential to another server', async () => {
      const current = await sealedConfig();
      const stolen = patchConnector(connector(current), { sink: { elasticsearch: { url: 'https://thief:9200' } } });
      expect((await failure(stolen, current)).fields[0]?.pointer).toBe('/sink/elasticsearch/url');
      const path = await patch(current, { sink: { elasticsearch: { url: 'https://es:9200/path' } } });
      expect(path.sink.elasticsearch?.url).toBe('https://es:9200/path');
    });

    it('refuse a redacted URI that was edited, and a sentinel without a value', async () => {
      const current = await sealedConfig();
      const edited = patchConnector(connector(current), { source: { uri: 'mongodb://reader:***@db2/' } });
      expect((await failure(edited, current)).fields[0]?.message).toContain('redacted');
      expect((await failure(input({ source: { uri: { $secret: 'unchanged' } } }))).fields).toHaveLength(1);
    });

    it('merge as RFC 7396 says and refuse what is no config', async () => {
      const current = await parse(input({ source: { filter: { a: 1, b: 2 } } }));
      const index = 'other-{collection}';
      expect((await patch(current, { sink: { index, brakeRatio: null } })).sink).toMatchObject({ index });
      // A query is a value: null is a condition in it.
      expect((await patch(current, { source: { filter: { a: null, c: 3 } } })).source.filter).toEqual({
        a: null,
        c: 3,
      });
      expect((await patch(current, { source: { filter: null } })).source).not.toHaveProperty('filter');
      for (const field of ['id', 'revision', 'desiredState', 'etag', 'createdAt']) {
        const error = await failure(patchConnector(connector(current), { [field]: 'x' }), current);
        expect(error).toMatchObject({ code: 'API_FIELD_UNKNOWN', fields: [{ pointer: `/${field}` }] });
      }
      expect(() => patchConnector(connector(current), [])).toThrow(LockstepError);
    });
  });

  it.each<[Input, string]>([
    [input({ name: undefined }), '/name'],
    [input({ name: '' }), '/name'],
    [input({ name: ' a' }), '/name'],
    [input({ name: 'a\u0007' }), '/name'],
    [input({ name: 'x'.repeat(101) }), '/name'],
    [input({ name: 5 }), '/name'],
    [input({ schedule: '0 * * * *' }), '/schedule'],
    [{ name: 'a', sink: { index: 'a' } }, '/source'],
    [{ name: 'a', source: input().source! }, '/sink'],
    [input({ source: { uri: undefined } }), '/source/uri'],
    [input({ source: { uri: 'mongodb://h/?tlsCAFile=/x' } }), '/source/uri'],
    [input({ source: { database: undefined } }), '/source/database'],
    [input({ source: { database: 'a.b' } }), '/source/database'],
    [input({ source: { database: 'a b' } }), '/source/database'],
    [input({ source: { database: 'a'.repeat(64) } }), '/source/database'],
    [input({ source: { database: 'admin' } }), '/source/database'],
    [input({ source: { collections: undefined } }), '/source/collections'],
    [input({ source: { collections: [] } }), '/source/collections'],
    [input({ source: { collections: 'orders' } }), '/source/collections'],
    [input({ source: { collections: Array.from({ length: 101 }, (_, i) => `c${String(i)}`) } }), '/source/collections'],
    [input({ source: { collections: ['a', 'a'] } }), '/source/collections/1'],
    [input({ source: { collections: ['a', 5] } }), '/source/collections/1'],
    [input({ source: { collections: ['a$b'] } }), '/source/collections/0'],
    [input({ source: { collections: ['system.users'] } }), '/source/collections/0'],
    [input({ source: { collections: ['a'.repeat(251)] } }), '/source/collections/0'],
    [input({ source: { filter: { $where: '1' } } }), '/source/filter/$where'],
    [input({ source: { filter: [] } }), '/source/filter'],
    [input({ source: { fields: {} } }), '/source/fields'],
    [input({ source: { fields: { include: ['a'], exclude: ['b'] } } }), '/source/fields'],
    [input({ source: { fields: { include: [] } } }), '/source/fields/include'],
    [input({ source: { fields: { exclude: ['_id'] } } }), '/source/fields/exclude/0'],
    [input({ source: { fields: { exclude: ['a', 'a.b'] } } }), '/source/fields/exclude/0'],
    [input({ source: { fields: { include: ['a..b'] } } }), '/source/fields/include/0'],
    [input({ source: { fields: { include: ['$a'] } } }), '/source/fields/include/0'],
    [input({ sink: { index: undefined } }), '/sink/index'],
    [input({ sink: { index: '{db}' } }), '/sink/index'],
    [input({ sink: { index: 'Orders' } }), '/sink/index'],
    [input({ sink: { index: 'orders' }, source: { collections: ['a', 'b'] } }), '/sink/index'],
    [input({ sink: { index: 'orders' }, source: { collections: ['a*'] } }), '/sink/index'],
    [input({ sink: { index: 'lockstep-config' } }), '/sink/index'],
    [input({ sink: { index: 'lockstep-{collection}' }, source: { collections: ['*'] } }), '/sink/index'],
    [input({ sink: { index: '{database}-{collection}' }, source: { database: 'lockstep' } }), '/sink/index'],
    [input({ sink: { layout: 'Alias' } }), '/sink/layout'],
    [input({ sink: { adopt: 'true' } }), '/sink/adopt'],
    [input({ sink: { brakeRatio: 1.1 } }), '/sink/brakeRatio'],
    [input({ sink: { brakeRatio: '0.5' } }), '/sink/brakeRatio'],
    [input({ sink: { onRefused: 'ignore' } }), '/sink/onRefused'],
    [input({ sink: { errorMonitor: 100 } }), '/sink/errorMonitor'],
    [input({ sink: { errorMonitor: { consecutive: 0 } } }), '/sink/errorMonitor/consecutive'],
    [input({ sink: { errorMonitor: { consecutive: '100' } } }), '/sink/errorMonitor/consecutive'],
    [input({ sink: { errorMonitor: { ratio: 1.5 } } }), '/sink/errorMonitor/ratio'],
    [input({ sink: { errorMonitor: { window: 9 } } }), '/sink/errorMonitor/window'],
    [input({ sink: { errorMonitor: { window: 10.5 } } }), '/sink/errorMonitor/window'],
    [input({ sink: { errorMonitor: { total: 0 } } }), '/sink/errorMonitor/total'],
    [input({ sink: { mappings: [] } }), '/sink/mappings'],
    [input({ sink: { mappings: { properties: 5 } } }), '/sink/mappings/properties'],
    [input({ sink: { mappings: { _meta: {} } } }), '/sink/mappings/_meta'],
    [input({ sink: { settings: 'x' } }), '/sink/settings'],
    [elastic({}), '/sink/elasticsearch/url'],
    [elastic({ url: 'es:9200' }), '/sink/elasticsearch/url'],
    [elastic({ url: 'ftp://es' }), '/sink/elasticsearch/url'],
    [elastic({ url: 'https://u:p@es' }), '/sink/elasticsearch/url'],
    [elastic({ url: 'https://es/?a=b' }), '/sink/elasticsearch/url'],
    [elastic({ url: 'http://es:9200', apiKey: 'k' }), '/sink/elasticsearch/url'],
    [elastic({ url: 'https://es', apiKey: 'k', username: 'u', password: 'p' }), '/sink/elasticsearch/apiKey'],
    [elastic({ url: 'https://es', username: 'u' }), '/sink/elasticsearch/password'],
    [elastic({ url: 'https://es', password: 'p' }), '/sink/elasticsearch/username'],
    [elastic({ url: 'https://es', ca: 'nonsense' }), '/sink/elasticsearch/ca'],
  ])('refuses %j at %s', async (body, pointer) => {
    const error = await failure(body);
    expect(error.code).toBe('API_REQUEST_INVALID');
    expect(error.fields.map((field) => field.pointer)).toContain(pointer);
  });

  it.each<[Input, string]>([
    [input({ desiredState: 'running' }), '/desiredState'],
    [input({ 'a/b~c': 1 }), '/a~1b~0c'],
    [input({ source: { url: 'x' } }), '/source/url'],
    [input({ sink: { idField: 'x' } }), '/sink/idField'],
    [elastic({ url: 'https://es', insecure: true }), '/sink/elasticsearch/insecure'],
    [JSON.parse('{"name":"a","__proto__":{"x":1}}') as Input, '/__proto__'],
  ])('does not know a field of %j', async (body, pointer) => {
    const error = await failure(body);
    expect(error.code).toBe('API_FIELD_UNKNOWN');
    expect(error.fields).toContainEqual({ pointer, code: 'API_FIELD_UNKNOWN', message: 'does not exist' });
  });

  it.each([null, 5, 'x', [], undefined])('refuses the body %j', async (body) => {
    expect((await failure(body)).code).toBe('API_REQUEST_MALFORMED');
  });

  it('tells all findings at once and never a secret', async () => {
    const body = {
      name: '',
      source: { uri: 'mongodb://u:canary@h:x/', database: '$' },
      sink: { index: 'A', elasticsearch: { url: 'https://u:canary@h', apiKey: ['canary'] } },
    };
    const error = await failure(body);
    expect(error.fields.length).toBeGreaterThanOrEqual(7);
    expect(JSON.stringify([error.message, error.fields])).not.toContain('canary');
  });

  it('accepts http with credentials to this machine, and without them to any', async () => {
    expect((await parse(elastic({ url: 'http://127.0.0.1:9200', apiKey: 'k' }))).sink.elasticsearch).toBeDefined();
    expect((await parse(elastic({ url: 'http://[::1]:9200', apiKey: 'k' }))).sink.elasticsearch).toBeDefined();
    expect((await parse(elastic({ url: 'http://elasticsearch:9200' }))).sink.elasticsearch).toBeDefined();
  });
});
