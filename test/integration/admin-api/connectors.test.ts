import { eventually, uniqueName } from '@lockstep/testing';
import { type ApiContext, connectorInput, startApi } from './api-context';

jest.setTimeout(60_000);
const CANARY = 'canary-77aa-uri-password';
let api: ApiContext;
beforeAll(async () => {
  api = await startApi();
}, 90_000);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const CONNECTORS = '/api/v1/connectors';
const create = (body: unknown, headers: Record<string, string> = {}) =>
  api.request(CONNECTORS, { method: 'POST', body, headers });
const patch = (id: string, body: unknown, headers: Record<string, string> = {}) =>
  api.request(`${CONNECTORS}/${id}`, { method: 'PATCH', body, headers });

describe('creating', () => {
  it('answers 201 with where it is, and what it is', async () => {
    const name = uniqueName('made');
    const created = await create(connectorInput(name));
    expect(created.status).toBe(201);
    const id = created.body.id as string;
    expect(id).toMatch(/^con_[0-9a-z]{26}$/);
    expect(created.headers.location).toBe(`${CONNECTORS}/${id}`);
    expect(created.body).toMatchObject({
      name,
      revision: 1,
      desiredState: 'stopped',
      observedState: 'idle',
      conditions: [],
      sink: { layout: 'alias', adopt: false },
    });
    const read = await api.request(created.headers.location!);
    expect(read.body).toEqual(created.body);
    expect(read.headers.etag).toBe(created.headers.etag);
  });

  it('seals a URI with a password and shows it redacted', async () => {
    const source = {
      uri: `mongodb://app:${CANARY}@127.0.0.1:27017/?replicaSet=rs0`,
      database: 'shop',
      collections: ['a'],
    };
    const created = await create(connectorInput(uniqueName('uri'), { source }));
    expect(created.status).toBe(201);
    expect(JSON.stringify(created.body.source.uri)).toContain('127.0.0.1:27017');
    expect(JSON.stringify(created.body)).not.toContain(CANARY);
  });

  it('takes a URI that the client sealed, the name of an entry, and sealed keys of another cluster', async () => {
    const name = uniqueName('sealed');
    const created = await create(
      connectorInput(name, {
        source: {
          uri: { sealed: await api.sealAsClient(`mongodb://u:${CANARY}@h/`) },
          database: 'd',
          collections: ['c'],
        },
        sink: {
          index: name,
          layout: 'index',
          elasticsearch: { url: 'https://127.0.0.1:9', apiKey: { secret: CANARY } },
        },
      }),
    );
    expect(created.status).toBe(201);
    const named = await create(
      connectorInput(uniqueName('named'), {
        source: { uri: { config: 'mongo-uri' }, database: 'd', collections: ['c'] },
      }),
    );
    expect(named.body.source.uri).toEqual({ config: 'mongo-uri' });
    const stored = await api.client.search({ index: `${api.prefix}-connectors`, size: 100 });
    expect(JSON.stringify(stored)).toContain(name);
    expect(JSON.stringify(stored)).not.toContain(CANARY);
  });

  it('refuses a malformed JWE and an unknown key with a pointer', async () => {
    const source = { uri: { sealed: 'a.b.c.d.e' }, database: 'd', collections: ['c'] };
    const malformed = await create(connectorInput(uniqueName('bad'), { source }));
    expect(malformed).toMatchObject({ status: 422, body: { code: 'SECRET_MALFORMED' } });
    expect(JSON.stringify(malformed.body.errors)).toContain('/source/uri');
    const foreign = { ...source, uri: { sealed: await api.sealAsClient('x', { kid: 'nobody' }) } };
    expect((await create(connectorInput(uniqueName('bad'), { source: foreign }))).body.code).toBe('KEY_UNKNOWN');
  });

  it('gives a name to one of many that ask for it at once', async () => {
    const name = uniqueName('raced');
    const answers = await Promise.all([1, 2, 3, 4].map(() => create(connectorInput(name))));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find((answer) => answer.status === 409)?.body.code).toBe('CONNECTOR_NAME_TAKEN');
  });

  it('answers a repetition under the same key as the first time', async () => {
    const key = { 'idempotency-key': uniqueName('key') };
    const input = connectorInput(uniqueName('once'));
    const [first, second] = [await create(input, key), await create(input, key)];
    expect(first.status).toBe(201);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers).toMatchObject({ location: first.headers.location!, 'idempotency-replayed': 'true' });
    const other = await create(connectorInput(uniqueName('other')), key);
    expect(other).toMatchObject({ status: 409, body: { code: 'API_IDEMPOTENCY_CONFLICT' } });
  });

  it('lets a key be used again after a failure, and runs one of two at once', async () => {
    const key = { 'idempotency-key': uniqueName('key') };
    expect((await create({ nope: 1 }, key)).status).toBe(400);
    const input = connectorInput(uniqueName('again'));
    const answers = await Promise.all([create(input, key), create(input, key)]);
    const statuses = answers.map((answer) => answer.status);
    expect(statuses).toContain(201);
    expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
    const stored = await api.client.search({ index: `${api.prefix}-audit`, size: 100 });
    expect(JSON.stringify(stored)).not.toContain(key['idempotency-key']);
  });

  it('lists page by page', async () => {
    const names = [uniqueName('list'), uniqueName('list'), uniqueName('list')];
    for (const name of names) await create(connectorInput(name));
    const seen: string[] = [];
    let token: string | null = null;
    do {
      const query: string = token === null ? '' : `&pageToken=${encodeURIComponent(token)}`;
      const page = await api.request(`${CONNECTORS}?pageSize=2${query}`);
      seen.push(...(page.body.items as { name: string }[]).map((item) => item.name));
      token = page.body.nextPageToken as string | null;
    } while (token !== null);
    expect(seen).toEqual(expect.arrayContaining(names));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('changing', () => {
  it.each(['application/json', 'application/merge-patch+json'])('merges a patch of type %s', async (type) => {
    const name = uniqueName('patched');
    const { body } = await create(connectorInput(name));
    const changed = await patch(
      body.id as string,
      { source: { collections: ['orders'] }, sink: { brakeRatio: 0.5 } },
      { 'content-type': type },
    );
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      name,
      revision: 2,
      source: { ...body.source, collections: ['orders'] },
      sink: { ...body.sink, brakeRatio: 0.5 },
    });
    const cleared = await patch(body.id as string, { sink: { brakeRatio: null } }, { 'content-type': type });
    expect(cleared.body.sink.brakeRatio).toBe(body.sink.brakeRatio);
  });

  it('changes the limits of the error monitor one by one, and shows those that hold', async () => {
    const { body } = await create(connectorInput(uniqueName('monitor')));
    const limits = { consecutive: 100, ratio: 0.15, window: 1_000, total: null };
    expect(body.sink.errorMonitor).toEqual(limits);
    const change = async (errorMonitor: unknown) => (await patch(body.id as string, { sink: { errorMonitor } })).body;
    expect((await change({ consecutive: 5, total: 9 })).sink.errorMonitor).toEqual({
      ...limits,
      consecutive: 5,
      total: 9,
    });
    expect((await change({ total: null })).sink.errorMonitor).toEqual({ ...limits, consecutive: 5 });
    expect(await change({ window: 1, ratio: 2 })).toMatchObject({
      code: 'API_REQUEST_INVALID',
      errors: [{ pointer: '/sink/errorMonitor/ratio' }, { pointer: '/sink/errorMonitor/window' }],
    });
    expect(await change({ colour: 1 })).toMatchObject({ code: 'API_FIELD_UNKNOWN' });
    expect((await change(null)).sink.errorMonitor).toEqual(limits);
  });

  it('keeps a sealed secret that is not named', async () => {
    const source = { uri: `mongodb://app:${CANARY}@127.0.0.1/`, database: 'shop', collections: ['a'] };
    const { body } = await create(connectorInput(uniqueName('kept'), { source }));
    const before = await storedUri(body.id as string);
    const changed = await patch(body.id as string, { source: { collections: ['b'] } });
    expect(changed.status).toBe(200);
    expect(await storedUri(body.id as string)).toEqual(before);
  });

  it('refuses unknown fields, fixed fields and taken names', async () => {
    const taken = uniqueName('taken');
    await create(connectorInput(taken));
    const { body } = await create(connectorInput(uniqueName('mine')));
    const id = body.id as string;
    expect((await patch(id, { revision: 9 })).body.code).toBe('API_FIELD_UNKNOWN');
    expect((await patch(id, { desiredState: 'running' })).body.code).toBe('API_FIELD_UNKNOWN');
    expect(await patch(id, { name: taken })).toMatchObject({ status: 409, body: { code: 'CONNECTOR_NAME_TAKEN' } });
    expect((await patch(id, { source: null })).status).toBe(422);
  });

  it('checks If-Match, and never overwrites a faster change', async () => {
    const { body, headers } = await create(connectorInput(uniqueName('tagged')));
    const id = body.id as string;
    const answers = await Promise.all(
      [0.1, 0.3, 0.4].map((brakeRatio) => patch(id, { sink: { brakeRatio } }, { 'if-match': headers.etag! })),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412]);
    expect((await patch(id, { sink: { adopt: true } }, { 'if-match': '*' })).status).toBe(200);
    expect(
      (await api.request(`${CONNECTORS}/${id}`, { method: 'DELETE', headers: { 'if-match': headers.etag! } })).status,
    ).toBe(412);
  });
});

describe('deleting', () => {
  it('removes connector and state, keeps the indices, frees the name', async () => {
    const name = uniqueName('deleted');
    const { body } = await create(connectorInput(name));
    const id = body.id as string;
    const index = await ownedIndex(name, id);
    const { body: job } = await api.request(`${CONNECTORS}/${id}/actions/start`, { method: 'POST' });
    await api.client.index({ index: `${api.prefix}-state`, id: `${id}:1:0`, document: partition(id), refresh: true });
    expect((await api.request(`${CONNECTORS}/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.request(`${CONNECTORS}/${id}`)).status).toBe(404);
    expect((await api.request(`${CONNECTORS}/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await api.request(`/api/v1/jobs/${String(job.id)}`)).body.state).toBe('canceled');
    expect(await api.client.exists({ index: `${api.prefix}-state`, id: `${id}:1:0` })).toBe(false);
    expect(await api.client.indices.exists({ index })).toBe(true);
    expect((await create(connectorInput(name))).status).toBe(201);
    await api.client.indices.delete({ index });
  });

  it('deletes the indices with our mark when asked to, and no other', async () => {
    const name = uniqueName('marked');
    const { body } = await create(connectorInput(name));
    const mine = await ownedIndex(`${name}-a`, body.id as string);
    const others = await ownedIndex(`${name}-b`, 'con_someoneelse');
    const foreign = await ownedIndex(`${name}-c`, body.id as string, 'ins_another');
    expect(
      (await api.request(`${CONNECTORS}/${String(body.id)}?deleteIndices=true`, { method: 'DELETE' })).status,
    ).toBe(204);
    expect(await api.client.indices.exists({ index: mine })).toBe(false);
    expect(await api.client.indices.exists({ index: others })).toBe(true);
    expect(await api.client.indices.exists({ index: foreign })).toBe(true);
    await api.client.indices.delete({ index: [others, foreign] });
  });

  it('does not pretend to delete indices of a cluster that it cannot reach', async () => {
    const name = uniqueName('remote');
    const sink = {
      index: `${name}-{collection}`,
      elasticsearch: { url: 'https://127.0.0.1:9', apiKey: { config: 'k' } },
    };
    const { body } = await create(connectorInput(name, { sink }));
    const path = `${CONNECTORS}/${String(body.id)}`;
    const refused = await api.request(`${path}?deleteIndices=true`, { method: 'DELETE' });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'API_REQUEST_INVALID', errors: [{ pointer: '/deleteIndices' }] },
    });
    expect((await api.request(path)).status).toBe(200);
    expect((await api.request(`${path}?deleteIndices=maybe`, { method: 'DELETE' })).status).toBe(422);
    expect((await api.request(path, { method: 'DELETE' })).status).toBe(204);
  });

  it('waits until a living worker lets go', async () => {
    const { body } = await create(connectorInput(uniqueName('held')));
    const id = body.id as string;
    await api.request(`${CONNECTORS}/${id}/actions/start`, { method: 'POST' });
    const worker = {
      kind: 'heartbeat',
      id: 'wrk_a',
      incarnation: 'i1',
      version: '0',
      host: 'h',
      pid: 1,
      partitions: [],
      rssBytes: 1,
      beat: 1,
      startedAt: now(),
      beatAt: now(),
    };
    await api.client.index({ index: `${api.prefix}-workers`, id: 'wrk_a', document: worker, refresh: true });
    const state = { ...partition(id), lease: { workerId: 'wrk_a', incarnation: 'i1' } };
    await api.client.index({ index: `${api.prefix}-state`, id: `${id}:1:0`, document: state, refresh: true });
    let isAnswered = false;
    const deletion = api.request(`${CONNECTORS}/${id}`, { method: 'DELETE' }).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await eventually(async () => (await api.request(`${CONNECTORS}/${id}`)).body.desiredState === 'stopped');
    expect(isAnswered).toBe(false);
    await api.client.index({ index: `${api.prefix}-state`, id: `${id}:1:0`, document: partition(id), refresh: true });
    expect((await deletion).status).toBe(204);
    await api.client.delete({ index: `${api.prefix}-workers`, id: 'wrk_a', refresh: true });
  });
});

const now = (): string => new Date().toISOString();

function partition(connectorId: string): Record<string, unknown> {
  return {
    schema: 1,
    connectorId,
    generation: 1,
    partition: 0,
    lease: null,
    epoch: 1,
    identity: null,
    position: null,
    bindings: {},
    bulkJobId: null,
    streamJobId: null,
    observedState: 'idle',
    conditions: [],
    updatedAt: now(),
  };
}

async function storedUri(id: string): Promise<unknown> {
  const found = await api.client.get<{ config: { source: { uri: unknown } } }>({
    index: `${api.prefix}-connectors`,
    id,
  });
  return found._source?.config.source.uri;
}

async function ownedIndex(name: string, connectorId: string, installationId?: string): Promise<string> {
  const system = await api.request('/api/v1/system');
  const mark = {
    installationId: installationId ?? (system.body.installationId as string),
    connectorId,
    binding: 'shop.orders',
    generation: 1,
  };
  const index = `${api.prefix}-${name}-000001`;
  await api.client.indices.create({ index, mappings: { _meta: { lockstep: mark } } });
  return index;
}
