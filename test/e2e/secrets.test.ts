import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { MongoClient, type Db } from 'mongodb';
import { generateKeyPair, PublicKeyRing } from '@lockstep/sealed-secrets';
import {
  eventually,
  expectInLockstep,
  freePort,
  httpJson,
  ServiceProcess,
  startElasticsearch,
  startReplicaSet,
  testServers,
  uniqueName,
  type ComparedSides,
  type ElasticsearchServer,
  type ReplicaSet,
} from '@lockstep/testing';
import { RecordedInstance, secretsIn } from './recorded-instance';
import { shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
const execute = promisify(execFile);
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 90_000, intervalMs: 200 };

jest.setTimeout(240_000);

describe('secrets, from the operator to both databases', () => {
  const lockstep = new RecordedInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('sealed');
  /** Whatever must never be put out. */
  const secrets: string[] = [];
  let guarded: ReplicaSet;
  let guardedClient: MongoClient;
  let db: Db;
  let secure: ElasticsearchServer;
  let otherKeys: string;

  /** A user of its own for every way in, with the privileges that the remedy names and a password to look for. */
  async function reader(name: string): Promise<string> {
    const password = `canary:${uniqueName('pass')}/word`;
    secrets.push(password);
    const actions = ['find', 'changeStream', 'listCollections'];
    return guarded.createUser(name, password, [{ resource: { db: database, collection: '' }, actions }]);
  }

  const definition = (name: string, uri: unknown, sink: object = {}): Record<string, unknown> => ({
    name,
    source: { uri, database, collections: ['orders'] },
    sink: { index: `${database}-${name}`, ...sink },
  });
  const sides = (name: string): ComparedSides => ({
    mongodbUrl: guarded.url,
    elasticsearchUrl,
    database,
    collection: 'orders',
    index: `${database}-${name}`,
  });
  const patch = async (id: string, body: unknown): Promise<void> => {
    expect(await lockstep.call('PATCH', `/api/v1/connectors/${id}`, body)).toMatchObject({ status: 200 });
  };
  const shownUri = async (id: string): Promise<unknown> =>
    (await lockstep.call('GET', `/api/v1/connectors/${id}`)).body.source.uri;

  async function publishedKey(): Promise<JWK> {
    return (await httpJson(`${lockstep.api.url}/.well-known/jwks.json`)).body.keys[0] as JWK;
  }

  /** What an operator does who has the published key and a stock library. */
  async function seal(value: string, lsk?: { purpose: string; subject: string }, key?: JWK): Promise<string> {
    const jwk = key ?? (await publishedKey());
    const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: jwk.kid!, ...(lsk === undefined ? {} : { lsk }) };
    return new CompactEncrypt(Buffer.from(value)).setProtectedHeader(header).encrypt(await importJWK(jwk, header.alg));
  }

  /** Runs what docs/secrets.md shows, against the running API. */
  async function sealAsDocumented(example: string, value: string): Promise<string> {
    const page = await readFile('docs/secrets.md', 'utf8');
    const code = new RegExp(`<!-- example: ${example} -->\\s+\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(page)![1]!;
    const env = { PATH: process.env.PATH, LOCKSTEP: lockstep.api.url, VALUE: value };
    return (await execute(process.execPath, ['--input-type=module', '-e', code], { env })).stdout.trim();
  }

  /** The connector waits with this code, told in its conditions and in its job, each time with what to do. */
  async function untilFailed(id: string, code: string): Promise<void> {
    await eventually(
      async () => {
        const { conditions, observedState } = await lockstep.connector(id);
        const jobs = await lockstep.jobs(id);
        const told = { observedState, conditions, job: jobs[0]?.error };
        const condition = conditions.find((one) => one.code === code) as { remedy?: string } | undefined;
        if (observedState === 'failed' && condition?.remedy && jobs[0]?.error?.code === code) return true;
        throw new Error(JSON.stringify(told));
      },
      { ...SOON, what: code },
    );
  }

  beforeAll(async () => {
    otherKeys = await mkdtemp(join(tmpdir(), 'lockstep-keys-'));
    [guarded, secure] = await Promise.all([
      startReplicaSet({ auth: true }),
      startElasticsearch({ security: true }),
      client.connect(),
      generateKeyPair(join(otherKeys, 'private'), join(otherKeys, 'public'), { force: false }),
    ]);
    secrets.push(guarded.access!.password, secure.access!.password);
    guardedClient = await new MongoClient(guarded.url).connect();
    db = guardedClient.db(database);
    await db.collection('orders').insertMany(shopOrders(300));
    await client.db(database).collection('orders').insertMany(shopOrders(20));
    await lockstep.start();
  });

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await Promise.all([client.close(), guardedClient.close()]);
    await Promise.all([guarded.stop(), secure.stop(), rm(otherKeys, { recursive: true, force: true })]);
  });

  it('takes a URI that was sealed outside with the published key alone', async () => {
    const uri = await reader('outside');
    const lsk = { purpose: 'connector', subject: 'source.uri' };
    const ways: [string, string][] = [
      ['by-jose', await seal(uri, lsk)],
      ['by-crypto', await sealAsDocumented('node', uri)],
    ];
    for (const [name, sealed] of ways) {
      const id = await lockstep.sync(definition(name, { sealed }));
      expect(await shownUri(id)).toMatchObject({ sealed: true, keyId: (await publishedKey()).kid });
      expect(await expectInLockstep(sides(name), SOON)).toMatchObject({ checked: 300 });
    }
    await db.collection('orders').insertOne({ from: 'outside' });
    for (const [name] of ways) expect(await expectInLockstep(sides(name), SOON)).toMatchObject({ checked: 301 });
  });

  it('takes a secret that the API seals, and one of a sealed config entry', async () => {
    const received = await lockstep.sync(definition('received', { secret: await reader('received') }));
    expect(JSON.stringify(await shownUri(received))).toContain('received:***@');

    const entry = { sealed: await sealAsDocumented('jose', await reader('entry')) };
    expect((await lockstep.call('PUT', '/api/v1/config/mongo.uri', entry)).status).toBeLessThan(300);
    const named = await lockstep.sync(definition('named', { config: 'mongo.uri' }));
    expect(await shownUri(named)).toEqual({ config: 'mongo.uri' });
    for (const name of ['received', 'named']) await expectInLockstep(sides(name), SOON);
  });

  it('seals a plain URI with a password on receipt, and keeps it when it is sent back as it is shown', async () => {
    const uri = await reader('plain');
    const id = await lockstep.sync(definition('plain', uri));
    const { host } = guarded.member;
    const shown = `mongodb://plain:***@${host}/?replicaSet=rs0&authSource=admin`;
    expect(await shownUri(id)).toBe(shown);
    await patch(id, { source: { uri: shown }, sink: { brakeRatio: 0.3 } });
    await lockstep.untilStreaming(id, SOON.timeoutMs);
    await db.collection('orders').insertOne({ from: 'plain' });
    await expectInLockstep(sides('plain'), SOON);
  });

  it('refuses a value for a key pair that is not ours', async () => {
    const ring = await PublicKeyRing.load(join(otherKeys, 'public'));
    const foreign = ring.jwks().keys[0] as JWK;
    const sealed = await seal(await reader('foreign'), undefined, foreign);
    const refused = await lockstep.call('POST', '/api/v1/connectors', definition('foreign', { sealed }));
    expect(refused).toMatchObject({ status: 422, body: { code: 'KEY_UNKNOWN', remedy: expect.any(String) } });
    expect(JSON.stringify(refused.body.errors)).toContain('/source/uri');
    const entry = await lockstep.call('PUT', '/api/v1/config/foreign', { sealed });
    expect(entry).toMatchObject({ status: 422, body: { code: 'KEY_UNKNOWN' } });
  });

  it('does not open a ciphertext that was moved from one connector to another', async () => {
    const [victim, thief] = [await reader('victim'), await reader('thief')];
    const from = await lockstep.sync(definition('victim', victim));
    const to = await lockstep.createConnector(definition('thief', thief));
    const path = (id: string): string => `${elasticsearchUrl}/${lockstep.prefix}-connectors-v1/_doc/${id}`;
    const { _source: source } = (await httpJson(path(from))).body;
    const { _source: target } = (await httpJson(path(to))).body;
    expect(source.config.source.uri.kind).toBe('sealed');
    target.config.source.uri = source.config.source.uri;
    expect((await httpJson(`${path(to)}?refresh=true`, { method: 'PUT', body: target })).status).toBe(200);

    await lockstep.act(to, 'start');
    await untilFailed(to, 'SECRET_DECRYPT_FAILED');
    await db.collection('orders').insertOne({ from: 'victim' });
    await expectInLockstep(sides('victim'), SOON);

    await patch(to, { source: { uri: thief } });
    await lockstep.untilStreaming(to, SOON.timeoutMs);
    await expectInLockstep(sides('thief'), SOON);
    expect((await lockstep.connector(to)).conditions).toEqual([]);
  });

  it('tells a worker without the right private key apart, and leaves what needs none alone', async () => {
    const sealedIds = (await lockstep.call('GET', '/api/v1/connectors')).body.items.map(({ id }: { id: string }) => id);
    const open = await lockstep.sync(definition('open', mongodbUrl));
    const openSides = { ...sides('open'), mongodbUrl };
    const [right] = lockstep.workers;
    await right!.stop();
    const wrong = await lockstep.startWorker({ LOCKSTEP_PRIVATE_KEYS_DIR: join(otherKeys, 'private') });
    for (const id of sealedIds) await untilFailed(id, 'SECRET_DECRYPT_FAILED');
    await client.db(database).collection('orders').insertMany(shopOrders(5, 1_000));
    await lockstep.untilStreaming(open, SOON.timeoutMs);
    await expectInLockstep(openSides, SOON);

    await db.collection('orders').insertOne({ from: 'nobody' });
    await wrong.stop();
    await right!.start();
    for (const id of sealedIds) await lockstep.untilStreaming(id, SOON.timeoutMs);
    for (const name of ['by-jose', 'named', 'plain', 'victim']) await expectInLockstep(sides(name), SOON);
  });

  describe('with a second, secured Elasticsearch', () => {
    const index = `${database}-secure`;
    const indices = [index, `${index}-*`];
    let id: string;
    let key: { id: string; encoded: string };

    const newKey = async (name: string, privileges: readonly string[]): Promise<{ id: string; encoded: string }> => {
      const made = await secure.createApiKey(name, { sync: { index: [{ names: indices, privileges }] } });
      const [, plain] = Buffer.from(made.encoded, 'base64').toString().split(':');
      secrets.push(made.encoded, plain!);
      return made;
    };
    /** What the remedy of SINK_PERMISSION_MISSING names, and nothing of the cluster. */
    const ENOUGH = ['read', 'write', 'view_index_metadata', 'manage'];
    const secureSides = (): ComparedSides => {
      const { ca, username, password } = secure.access!;
      const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      return { ...sides('secure'), elasticsearchUrl: secure.url, ca, authorization };
    };
    const untilWaiting = (code: string) =>
      eventually(
        async () => {
          const shown = await lockstep.connector(id);
          if (shown.observedState === 'waiting' && shown.conditions.some((one) => one.code === code)) return true;
          throw new Error(JSON.stringify([shown.observedState, shown.conditions]));
        },
        { ...SOON, what: code },
      );
    const sealedKey = async (encoded: string): Promise<object> => ({
      sealed: await seal(encoded, { purpose: 'connector', subject: 'sink.elasticsearch.apiKey' }),
    });

    it('copies and follows with a sealed API key of the least privileges', async () => {
      key = await newKey('first', ENOUGH);
      const elasticsearch = { url: secure.url, ca: secure.access!.ca, apiKey: await sealedKey(key.encoded) };
      await lockstep.sync(definition('beside', guarded.url));
      id = await lockstep.sync(definition('secure', await reader('secure'), { elasticsearch }));
      await expectInLockstep(secureSides(), SOON);
      const orders = db.collection('orders');
      await orders.insertMany(shopOrders(50, 2_000));
      await orders.updateMany({ isPaid: true }, { $set: { title: 'paid' } });
      await orders.deleteMany({ quantity: 3 });
      const { checked } = await expectInLockstep(secureSides(), SOON);
      expect(checked).toBe(await orders.countDocuments());
      // Nothing of it went to the cluster of the state.
      expect((await httpJson(`${elasticsearchUrl}/${index}`)).status).toBe(404);
      const shown = (await lockstep.call('GET', `/api/v1/connectors/${id}`)).body.sink.elasticsearch;
      expect(shown.apiKey).toMatchObject({ sealed: true });
    });

    it('waits when the key is revoked, and goes on with a new one; nothing is lost', async () => {
      const orders = db.collection('orders');
      await secure.revokeApiKey(key.id);
      await orders.insertMany(shopOrders(30, 3_000));
      await untilWaiting('SINK_AUTH_FAILED');
      await orders.deleteMany({ quantity: 5 });
      await db.collection('orders').insertMany(shopOrders(30, 4_000));
      // Others go on meanwhile.
      await expectInLockstep(sides('beside'), SOON);

      const poor = await newKey('poor', ['read', 'view_index_metadata']);
      await patch(id, { sink: { elasticsearch: { apiKey: await sealedKey(poor.encoded) } } });
      await untilWaiting('SINK_PERMISSION_MISSING');

      key = await newKey('second', ENOUGH);
      await patch(id, { sink: { elasticsearch: { apiKey: await sealedKey(key.encoded) } } });
      await lockstep.untilStreaming(id, SOON.timeoutMs);
      await expectInLockstep(secureSides(), SOON);
      expect((await lockstep.connector(id)).conditions).toEqual([]);
    });

    it('waits and names it when a worker may write targets but not its state, and starts when it may', async () => {
      const [prefix, password, port] = [uniqueName('poor'), `canary:${uniqueName('pass')}`, await freePort()];
      secrets.push(password);
      const mayUse = (...names: string[]): object => ({ indices: [{ names, privileges: ['all'] }] });
      await secure.createUser('worker', password, mayUse(...indices));
      const caFile = join(otherKeys, 'ca.pem');
      await writeFile(caFile, secure.access!.ca);
      const env = {
        ...{ LOCKSTEP_ELASTICSEARCH_URL: secure.url, LOCKSTEP_ELASTICSEARCH_CA_FILE: caFile },
        ...{ LOCKSTEP_ELASTICSEARCH_USERNAME: 'worker', LOCKSTEP_ELASTICSEARCH_PASSWORD: password },
        ...{ LOCKSTEP_INDEX_PREFIX: prefix, LOCKSTEP_WORKER_PORT: String(port) },
        LOCKSTEP_PRIVATE_KEYS_DIR: join(otherKeys, 'private'),
      };
      const worker = new ServiceProcess({ app: 'connector-worker', port, env });
      worker.launch();
      try {
        const isReady = async (): Promise<boolean> =>
          (await httpJson(`${worker.url}/health/ready`).catch(() => ({ status: 0 }))).status === 200;
        await eventually(() => worker.output.includes('SINK_PERMISSION_MISSING'), SOON);
        expect([await isReady(), worker.isRunning]).toEqual([false, true]);
        await secure.createUser('worker', password, mayUse(...indices, `${prefix}-*`));
        await eventually(isReady, { ...SOON, what: 'the worker to be ready' });
        expect(secretsIn(worker.output, secrets)).toEqual([]);
      } finally {
        await worker.stop();
      }
    });

    it('does not take the key to another address', async () => {
      const elasticsearch = { url: 'https://127.0.0.1:9' };
      const refused = await lockstep.call('PATCH', `/api/v1/connectors/${id}`, { sink: { elasticsearch } });
      expect(refused).toMatchObject({ status: 422, body: { code: 'API_REQUEST_INVALID' } });
    });
  });

  it('puts no secret out anywhere', async () => {
    expect(secrets.length).toBeGreaterThan(10);
    const outputs = await lockstep.outputs();
    expect(Object.entries(outputs).map(([where, text]) => ({ where, found: secretsIn(text, secrets) }))).toEqual(
      Object.keys(outputs).map((where) => ({ where, found: [] })),
    );
    // The search itself finds what is there.
    for (const text of Object.values(outputs)) expect(text.length).toBeGreaterThan(100);
    expect(secretsIn(outputs.answers!, ['by-jose', '***'])).toHaveLength(2);
    expect(outputs.events).toContain('SECRET_DECRYPT_FAILED');
    expect(outputs['logs of the workers']).toContain('SECRET_DECRYPT_FAILED');
    expect(outputs['stored documents']).toContain('"kind":"sealed"');
    // Ciphertexts are stored and go nowhere else.
    const jwe = /eyJ[\w-]{20,}\.[\w-]{300,}\./;
    expect(outputs['stored documents']).toMatch(jwe);
    for (const where of ['answers', 'events', 'log of the API', 'logs of the workers']) {
      expect(outputs[where]).not.toMatch(jwe);
    }
  });
});
