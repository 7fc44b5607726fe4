import { MongoClient, type Db, type Document } from 'mongodb';
import { CompactEncrypt, importSPKI } from 'jose';
import {
  eventually,
  expectInLockstep,
  httpJson,
  startReplicaSet,
  testServers,
  uniqueName,
  type ComparedSides,
  type ReplicaSet,
} from '@lockstep/testing';
import { RecordedInstance, secretsIn } from './recorded-instance';
import { shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 90_000, intervalMs: 200 };
const PASSWORD = `canary:${uniqueName('pass')}/word`;
const NO_CONNECTOR = '/api/v1/connectors/con_00000000000000000000000000';
const NO_JOB = '/api/v1/jobs/job_00000000000000000000000000';

jest.setTimeout(240_000);

describe('bad input', () => {
  const lockstep = new RecordedInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('bad');
  let db: Db;
  let absent: ReplicaSet;
  let standalone: ReplicaSet;
  let guarded: ReplicaSet;
  let pids: readonly number[];
  let steady: string;
  const writing = new AbortController();
  let writer: Promise<void>;

  const definition = (name: string, source: object, sink: object = {}): Record<string, unknown> => ({
    name,
    source: { uri: mongodbUrl, database, collections: ['orders'], ...source },
    sink: { index: `${database}-${name}`, ...sink },
  });
  const sides = (name: string, change: Partial<ComparedSides> = {}): ComparedSides => ({
    ...{ mongodbUrl, elasticsearchUrl, database, collection: 'orders', index: `${database}-${name}` },
    ...change,
  });
  const create = (body: unknown) => lockstep.call('POST', '/api/v1/connectors', body);
  async function started(name: string, source: object, sink: object = {}): Promise<string> {
    const id = await lockstep.createConnector(definition(name, source, sink));
    await lockstep.act(id, 'start');
    return id;
  }
  async function patch(id: string, change: object): Promise<void> {
    expect(await lockstep.call('PATCH', `/api/v1/connectors/${id}`, change)).toMatchObject({ status: 200 });
  }
  const patchUri = (id: string, uri: string): Promise<void> => patch(id, { source: { uri } });

  interface Trouble {
    readonly code: string;
    readonly observedState: string;
    /** A piece of what the operator is told. */
    readonly says?: string;
  }

  /** Told in the conditions and in the job, with a remedy; everything else goes on. */
  async function expectTrouble(id: string, { code, observedState, says = '' }: Trouble): Promise<void> {
    const condition = await eventually(
      async () => {
        const connector = await lockstep.connector(id);
        const [job] = await lockstep.jobs(id);
        const found = connector.conditions.find((one) => one.code === code);
        if (found && connector.observedState === observedState && job?.error?.code === code) return { found, job };
        throw new Error(JSON.stringify({ ...connector, job }));
      },
      { ...SOON, what: code },
    );
    expect(condition.found).toMatchObject({ remedy: expect.stringMatching(/.{10}/), reason: expect.any(String) });
    expect(condition.found.message).toContain(says);
    expect(condition.job.error!.message).toContain(says);
    await expectOthersUntouched();
  }

  async function expectOthersUntouched(): Promise<void> {
    expect([lockstep.api.pid, lockstep.workers[0]!.pid]).toEqual(pids);
    expect(lockstep.api.isRunning && lockstep.workers[0]!.isRunning).toBe(true);
    expect(await lockstep.connector(steady)).toMatchObject({ observedState: 'streaming', conditions: [] });
    const { insertedId } = await db.collection('steady').insertOne({ probe: true });
    const path = `${elasticsearchUrl}/${database}-steady/_doc/${insertedId.toHexString()}`;
    await eventually(async () => (await httpJson(path)).status === 200, { ...SOON, what: 'the other connector' });
  }

  async function expectMended(id: string, mended: ComparedSides): Promise<void> {
    await lockstep.untilStreaming(id, SOON.timeoutMs);
    expect((await expectInLockstep(mended, SOON)).checked).toBeGreaterThan(0);
    expect((await lockstep.connector(id)).conditions).toEqual([]);
    expect((await lockstep.jobs(id, 'stream_sync'))[0]).toMatchObject({ state: 'running', error: null });
  }

  /** Changes flow all the time. */
  async function write(): Promise<void> {
    for (let n = 0; !writing.signal.aborted; n += 1) {
      await db.collection('steady').insertMany(shopOrders(2, n * 2));
      await db.collection('steady').updateOne({}, { $set: { title: `changed ${n}` } });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async function fill(url: string): Promise<void> {
    const filler = new MongoClient(url);
    try {
      await filler.db(database).collection('orders').insertMany(shopOrders(25));
    } finally {
      await filler.close();
    }
  }

  beforeAll(async () => {
    [absent, standalone, guarded] = await Promise.all([
      startReplicaSet(),
      startReplicaSet({ members: 0 }),
      startReplicaSet({ auth: true, name: 'guarded' }),
      client.connect(),
    ]);
    db = client.db(database);
    await Promise.all([fill(mongodbUrl), fill(absent.url), fill(standalone.url), fill(guarded.url)]);
    await db.createCollection('paid', { viewOn: 'orders', pipeline: [{ $match: { isPaid: true } }] });
    await absent.member.stop();
    await lockstep.start();
    pids = [lockstep.api.pid, lockstep.workers[0]!.pid];
    await db.collection('steady').insertMany(shopOrders(100));
    steady = await lockstep.sync(definition('steady', { collections: ['steady'] }));
    writer = write();
  });

  afterAll(async () => {
    writing.abort();
    await writer;
    await lockstep.stop();
    await db.dropDatabase();
    await client.close();
    await Promise.all([absent.stop(), standalone.stop(), guarded.stop()]);
  });

  describe('at the API, at once', () => {
    const uri = (text: string) => definition('refused', { uri: text });
    const index = (text: string) => definition('refused', {}, { index: text });
    const PATH = '/api/v1/connectors';

    it.each<[what: string, body: unknown, status: number, code: string, pointer: string]>([
      ['a URI of another kind', uri(`http://u:${PASSWORD}@h`), 422, 'SOURCE_URI_INVALID', '/source/uri'],
      ['a URI without hosts', uri('mongodb://'), 422, 'SOURCE_URI_INVALID', '/source/uri'],
      ['a URI with a raw password', uri(`mongodb://u:${PASSWORD}@h/`), 422, 'SOURCE_URI_INVALID', '/source/uri'],
      ['an option that reads files', uri('mongodb://h/?tlsCAFile=/a'), 422, 'SOURCE_URI_INVALID', '/source/uri'],
      ['an index in upper case', index('Orders'), 422, 'API_REQUEST_INVALID', '/sink/index'],
      ['a hidden index', index('.orders'), 422, 'API_REQUEST_INVALID', '/sink/index'],
      ['an index with a star', index('orders*'), 422, 'API_REQUEST_INVALID', '/sink/index'],
      ['an index with a blank', index('the orders'), 422, 'API_REQUEST_INVALID', '/sink/index'],
      ['an index name that is too long', index('o'.repeat(256)), 422, 'API_REQUEST_INVALID', '/sink/index'],
      ['an unknown field', { ...definition('refused', {}), colour: 'red' }, 400, 'API_FIELD_UNKNOWN', '/colour'],
      ['an unknown inner field', definition('refused', { url: 'x' }), 400, 'API_FIELD_UNKNOWN', '/source/url'],
      ['a malformed JWE', definition('refused', { uri: { sealed: 'a.b' } }), 422, 'SECRET_MALFORMED', '/source/uri'],
      ['a name that is taken', definition('steady', {}), 409, 'CONNECTOR_NAME_TAKEN', ''],
      ['a body that is too large', { name: 'x'.repeat(1_100_000) }, 413, 'API_BODY_TOO_LARGE', ''],
      ['a body that is no JSON', `{"name":"${PASSWORD}`, 400, 'API_REQUEST_MALFORMED', ''],
    ])('%s', async (_what, body, status, code, pointer) => {
      const answer = await create(body);
      expect(answer).toMatchObject({ status, body: { code, status, remedy: expect.stringMatching(/.{10}/) } });
      expect(answer.headers['content-type']).toContain('application/problem+json');
      const pointers = (answer.body.errors as { pointer: string }[]).map((error) => error.pointer);
      if (pointer !== '') expect(pointers.some((found) => found.startsWith(pointer))).toBe(true);
      expect(secretsIn(JSON.stringify(answer.body), [PASSWORD])).toEqual([]);
    });

    it('a value sealed for a key that nobody knows', async () => {
      const pem = (await lockstep.call('GET', '/public_key')).body as string;
      const sealed = await new CompactEncrypt(Buffer.from(`mongodb://u:${encodeURIComponent(PASSWORD)}@h/`))
        .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: 'nobody' })
        .encrypt(await importSPKI(pem, 'RSA-OAEP-256'));
      const refused = await create(definition('refused', { uri: { sealed } }));
      expect(refused).toMatchObject({ status: 422, body: { code: 'KEY_UNKNOWN' } });
    });

    it.each([
      ['GET', NO_CONNECTOR, 'CONNECTOR_UNKNOWN'],
      ['PATCH', NO_CONNECTOR, 'CONNECTOR_UNKNOWN'],
      ['DELETE', NO_CONNECTOR, 'CONNECTOR_UNKNOWN'],
      ...['start', 'pause', 'resume', 'stop', 'resync'].map((action) => [
        'POST',
        `${NO_CONNECTOR}/actions/${action}`,
        'CONNECTOR_UNKNOWN',
      ]),
      ['GET', `${NO_CONNECTOR}/dead-letters`, 'CONNECTOR_UNKNOWN'],
      ['GET', NO_JOB, 'JOB_UNKNOWN'],
      ['POST', `${NO_JOB}/actions/cancel`, 'JOB_UNKNOWN'],
      ['POST', `${NO_JOB}/actions/confirm`, 'JOB_UNKNOWN'],
      ['GET', '/api/v1/config/nothing', 'CONFIG_ENTRY_UNKNOWN'],
      ['DELETE', '/api/v1/config/nothing', 'CONFIG_ENTRY_UNKNOWN'],
    ])('%s %s', async (method, path, code) => {
      const answer = await lockstep.call(method, path, method === 'PATCH' ? { sink: { brakeRatio: 0.1 } } : undefined);
      expect(answer).toMatchObject({ status: 404, body: { code, remedy: expect.stringMatching(/.{10}/) } });
    });

    it('leaves nothing behind and disturbs nobody', async () => {
      const { items } = (await lockstep.call('GET', PATH)).body as { items: { id: string }[] };
      expect(items.map(({ id }) => id)).toEqual([steady]);
      await expectOthersUntouched();
    });
  });

  describe('found by the worker', () => {
    it('a server that cannot be reached: waits, and goes on by itself when it is there', async () => {
      const id = await started('absent', { uri: absent.url });
      await expectTrouble(id, { code: 'SOURCE_UNREACHABLE', observedState: 'waiting' });
      await absent.member.start();
      await absent.primary();
      await expectMended(id, sides('absent', { mongodbUrl: absent.url }));
    });

    it('a server that goes away in the middle of the stream', async () => {
      const { items } = (await lockstep.call('GET', '/api/v1/connectors')).body as { items: Document[] };
      const id = items.find(({ name }) => name === 'absent')!.id as string;
      await absent.member.kill();
      await expectTrouble(id, { code: 'SOURCE_UNREACHABLE', observedState: 'waiting' });
      await absent.member.start();
      await absent.primary();
      await fill(absent.url);
      await expectMended(id, sides('absent', { mongodbUrl: absent.url }));
    });

    it('a standalone server: goes on at once with the URI of a replica set', async () => {
      const id = await started('standalone', { uri: standalone.url });
      await expectTrouble(id, { code: 'SOURCE_NOT_REPLICA_SET', observedState: 'failed' });
      await patchUri(id, mongodbUrl);
      await expectMended(id, sides('standalone'));
    });

    it('credentials that are refused: goes on at once with the right ones', async () => {
      const id = await started('refused', { uri: guarded.urlFor('nobody', PASSWORD) });
      await expectTrouble(id, { code: 'SOURCE_AUTH_FAILED', observedState: 'failed' });
      await patchUri(id, guarded.url);
      await expectMended(id, sides('refused', { mongodbUrl: guarded.url }));
    });

    it('a resync in place that cannot begin fails with what stands in its way', async () => {
      const id = await started('unresynced', { uri: guarded.urlFor('nobody', PASSWORD) });
      await expectTrouble(id, { code: 'SOURCE_AUTH_FAILED', observedState: 'failed' });
      const asked = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      const failed = await eventually(
        async () => {
          const job = await lockstep.job(asked);
          return job.state === 'failed' ? job : Promise.reject(new Error(JSON.stringify(job)));
        },
        { ...SOON, what: 'the resync to fail' },
      );
      expect(failed.error).toMatchObject({ code: 'SOURCE_AUTH_FAILED' });
      expect(await lockstep.act(id, 'start')).not.toBe(asked);
    });

    it('no credentials where they are needed', async () => {
      const id = await started('anonymous', { uri: `mongodb://${guarded.member.host}/?replicaSet=guarded` });
      // Without a user everything is a missing privilege.
      await expectTrouble(id, { code: 'SOURCE_PERMISSION_MISSING', observedState: 'failed' });
    });

    it.each([
      ['changeStream', ['find', 'listCollections']],
      ['find', ['changeStream', 'listCollections']],
      ['listCollections', ['find', 'changeStream']],
    ])(
      'the privilege %s, which is missing: named, and goes on when it is granted and started',
      async (missing, has) => {
        const name = `lacks-${missing.toLowerCase()}`;
        const resource = { db: database, collection: '' };
        const uri = await guarded.createUser(name, PASSWORD, [{ resource, actions: has }]);
        const id = await started(name, { uri });
        await expectTrouble(id, { code: 'SOURCE_PERMISSION_MISSING', observedState: 'failed', says: missing });
        const admin = new MongoClient(guarded.url);
        try {
          const privileges = [{ resource, actions: [missing] }];
          await admin.db('admin').command({ grantPrivilegesToRole: name, privileges });
        } finally {
          await admin.close();
        }
        await lockstep.act(id, 'start');
        await expectMended(id, sides(name, { mongodbUrl: guarded.url }));
      },
    );

    it('a view: goes on at once with the collection behind it', async () => {
      const id = await started('view', { collections: ['paid'] });
      await expectTrouble(id, {
        code: 'SOURCE_COLLECTION_UNSUPPORTED',
        observedState: 'waiting',
        says: `${database}.paid`,
      });
      await patch(id, { source: { collections: ['orders'] } });
      await expectMended(id, sides('view'));
    });

    it.each<[what: string, code: string, source: object, sink: object, mended: object, index: string]>([
      [
        'an index of somebody else',
        'SINK_TARGET_FOREIGN',
        {},
        { index: `${database}-theirs`, layout: 'index' },
        { sink: { index: `${database}-ours` } },
        'ours',
      ],
      [
        'mappings that Elasticsearch refuses',
        'SINK_TARGET_INVALID',
        {},
        { index: `${database}-mapped`, mappings: { properties: { title: { type: 'nix' } } } },
        { sink: { mappings: { properties: { title: { type: 'keyword' } } } } },
        'mapped',
      ],
      [
        'a filter that the server refuses, of several partitions',
        'SOURCE_QUERY_INVALID',
        { partitions: 2, filter: { title: { $regex: '(' } } },
        { index: `${database}-filtered`, layout: 'index' },
        { source: { filter: { quantity: { $gte: 0 } } } },
        'filtered',
      ],
    ])('%s: goes on at once when it is corrected', async (_what, code, source, sink, mended, index) => {
      await httpJson(`${elasticsearchUrl}/${database}-theirs`, { method: 'PUT' });
      const id = await started(index, source, sink);
      await expectTrouble(id, { code, observedState: 'failed' });
      await patch(id, mended);
      await expectMended(id, sides(index));
    });

    it('another replica set: goes on with the one of before, whatever a partition said of the other', async () => {
      const id = await started('parted', { partitions: 2 });
      await lockstep.untilStreaming(id, SOON.timeoutMs);
      await patchUri(id, guarded.url);
      await expectTrouble(id, { code: 'SOURCE_IDENTITY_CHANGED', observedState: 'resync_required' });
      const part = `${elasticsearchUrl}/${lockstep.prefix}-state/_doc/${id}:1:1`;
      const said = async (): Promise<unknown> => (await httpJson(part)).body._source.observedState;
      await eventually(async () => (await said()) === 'resync_required', { ...SOON, what: 'the other partition' });
      await patchUri(id, mongodbUrl);
      await expectMended(id, sides('parted'));
    });
  });

  it('leaves the steady connector complete, and puts no secret out', async () => {
    writing.abort();
    await writer;
    const { checked } = await expectInLockstep(sides('steady', { collection: 'steady' }), SOON);
    expect(checked).toBe(await db.collection('steady').countDocuments());
    const [stream] = await lockstep.jobs(steady, 'stream_sync');
    expect(stream).toMatchObject({ state: 'running', error: null });
    const outputs = await lockstep.outputs();
    const secrets = [PASSWORD, guarded.access!.password];
    expect(Object.entries(outputs).map(([where, text]) => ({ where, found: secretsIn(text, secrets) }))).toEqual(
      Object.keys(outputs).map((where) => ({ where, found: [] })),
    );
    expect(outputs['logs of the workers']).toContain('SOURCE_AUTH_FAILED');
  });
});
