import type { Job, PartitionState } from '@lockstep/contracts';
import { JobStore, PartitionStore } from '@lockstep/jobs';
import { uniqueName } from '@lockstep/testing';
import { type ApiContext, connectorInput, startApi } from './api-context';

jest.setTimeout(60_000);
let api: ApiContext;
beforeAll(async () => {
  api = await startApi();
}, 90_000);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
afterEach(async () => {
  await removeWorker();
});

const CONNECTORS = '/api/v1/connectors';
const act = (id: string, action: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.request(`${CONNECTORS}/${id}/actions/${action}`, {
    method: 'POST',
    headers,
    ...(body === undefined ? {} : { body }),
  });
const jobAct = (id: string, action: string, body?: unknown) =>
  api.request(`/api/v1/jobs/${id}/actions/${action}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
const read = async (id: string) => (await api.request(`${CONNECTORS}/${id}`)).body as Record<string, unknown>;
const jobsOf = async (id: string) => (await api.request(`/api/v1/jobs?connectorId=${id}`)).body.items as Job[];
const jobs = () => new JobStore(api.client, api.prefix);

async function made(): Promise<string> {
  const answer = await api.request(CONNECTORS, { method: 'POST', body: connectorInput(uniqueName('act')) });
  expect(answer.status).toBe(201);
  return answer.body.id as string;
}

const binding = () => ({
  collection: 'orders',
  index: 'x',
  collectionUuid: null,
  indexUuid: null,
  scan: null,
  suspension: null,
});

async function setPartition(connectorId: string, change: Partial<PartitionState>): Promise<void> {
  const key = { connectorId, generation: 1, partition: 0 };
  const state = await new PartitionStore(api.client, api.prefix).ensure(key);
  await api.client.index({
    index: `${api.prefix}-state`,
    id: `${connectorId}:1:0`,
    document: { ...state, ...change },
    refresh: true,
  });
}
const filled: Partial<PartitionState> = {
  position: { h: '1.1', token: null, startAfter: false },
  bindings: { orders: binding() },
  observedState: 'streaming',
};

async function addWorker(at: ApiContext = api, beatAgeMs = 0): Promise<void> {
  const now = new Date(Date.now() - beatAgeMs).toISOString();
  const document = {
    kind: 'heartbeat',
    id: 'wrk_t',
    incarnation: 'inc',
    version: '0',
    host: 'h',
    pid: 1,
    partitions: [],
    rssBytes: 1,
    beat: 1,
    startedAt: now,
    beatAt: now,
  };
  await at.client.index({ index: `${at.prefix}-workers`, id: 'wrk_t', document, refresh: true });
}
async function removeWorker(): Promise<void> {
  for (const id of ['wrk_t', 'wrk_t:live']) {
    await api.client.delete({ index: `${api.prefix}-workers`, id, refresh: true }, { ignore: [404] });
  }
}

describe('a connector that is left alone', () => {
  const condition = { reason: 'Failed', code: 'CONNECTOR_QUARANTINED', message: 'm', since: 't', remedy: 'r' } as const;
  const lastAt = '2026-01-15T09:30:00.000Z';
  const quarantined = { ...filled, observedState: 'failed', conditions: [condition] } as const;
  const key = (connectorId: string) => ({ connectorId, generation: 1, partition: 0 });
  const stored = (id: string) => new PartitionStore(api.client, api.prefix).get(key(id));
  const gauge = async () => (await api.request('/metrics')).body as string;

  it.each(['start', 'resume'])('is tried again by a %s, from its position', async (action) => {
    await addWorker();
    const id = await made();
    await act(id, 'start');
    await setPartition(id, { ...quarantined, epoch: 7, deaths: { count: 5, lastAt } });
    expect(await read(id)).toMatchObject({ observedState: 'failed', conditions: [{ code: 'CONNECTOR_QUARANTINED' }] });
    expect(await gauge()).toContain(`lockstep_connector_quarantined{connector="${id}"} 1`);
    expect((await act(id, action)).status).toBe(202);
    const state = await stored(id);
    expect(state).toMatchObject({ epoch: 8, lease: null, conditions: [], position: filled.position });
    expect(state).not.toHaveProperty('deaths');
    expect(await gauge()).not.toContain(`lockstep_connector_quarantined{connector="${id}"}`);
  });

  it('is not told again by a start of what a worker is trying', async () => {
    const id = await made();
    const lease = { workerId: 'wrk_t', incarnation: 'inc' };
    await setPartition(id, { ...filled, lease, epoch: 7, deaths: { count: 3, lastAt } });
    expect((await act(id, 'start')).status).toBe(202);
    expect(await stored(id)).toMatchObject({ epoch: 7, lease, deaths: { count: 3 } });
  });
});

describe('start', () => {
  it('makes one bulk sync, wishes the connector running, and can be repeated', async () => {
    const id = await made();
    const first = await act(id, 'start');
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({
      type: 'bulk_sync',
      state: 'pending',
      connectorId: id,
      requestedBy: 'api',
      collections: null,
    });
    expect(first.headers.location).toBe(`/api/v1/jobs/${String(first.body.id)}`);
    expect((await read(id)).desiredState).toBe('running');
    const again = await act(id, 'start', {});
    expect(again.headers.location).toBe(first.headers.location);
    expect(await jobsOf(id)).toHaveLength(1);
  });

  it('makes one bulk sync for many that ask at once', async () => {
    const id = await made();
    const answers = await Promise.all(Array.from({ length: 5 }, () => act(id, 'start')));
    expect(new Set(answers.map((answer) => answer.headers.location)).size).toBe(1);
    expect(await jobsOf(id)).toHaveLength(1);
  });

  it('makes a new bulk sync after the last one has failed or was canceled', async () => {
    const id = await made();
    const { body: first } = await act(id, 'start');
    await jobs().command(first.id as string, { kind: 'fail', error: { code: 'SOURCE_UNREACHABLE', message: 'no' } });
    const { body: second } = await act(id, 'start');
    expect(second.id).not.toBe(first.id);
    await jobAct(second.id as string, 'cancel');
    const { body: third } = await act(id, 'start');
    expect([first.id, second.id]).not.toContain(third.id);
  });

  it('names the stream sync once the targets are filled', async () => {
    const id = await made();
    const stream = await jobs().create({
      type: 'stream_sync',
      connectorId: id,
      connectorName: 'x',
      requestedBy: 'api',
    });
    await setPartition(id, { ...filled, streamJobId: stream.id });
    expect((await act(id, 'start')).headers.location).toBe(`/api/v1/jobs/${stream.id}`);
    await jobs().command(stream.id, { kind: 'cancel' });
    const renewed = await act(id, 'start');
    expect(renewed.body).toMatchObject({ type: 'stream_sync', state: 'pending' });
    expect(renewed.body.id).not.toBe(stream.id);
    expect((await act(id, 'start')).body.id).toBe(renewed.body.id);
  });

  it('checks If-Match', async () => {
    const id = await made();
    expect((await act(id, 'start', undefined, { 'if-match': '"9.9"' })).body.code).toBe('API_PRECONDITION_FAILED');
    expect(await jobsOf(id)).toEqual([]);
  });
});

describe('pause, resume, stop', () => {
  it('moves the wish', async () => {
    const id = await made();
    expect((await act(id, 'pause')).body.code).toBe('JOB_STATE_CONFLICT');
    expect((await act(id, 'resume')).body.code).toBe('JOB_STATE_CONFLICT');
    await act(id, 'start');
    const paused = await act(id, 'pause');
    expect(paused).toMatchObject({ status: 202, body: { id, desiredState: 'paused', observedState: 'paused' } });
    expect((await act(id, 'pause')).headers.etag).toBe(paused.headers.etag);
    expect((await act(id, 'resume')).body.desiredState).toBe('running');
    expect((await act(id, 'stop')).body).toMatchObject({ desiredState: 'stopped', observedState: 'idle' });
    expect((await act(id, 'stop')).status).toBe(202);
  });
});

describe('resync', () => {
  it('is refused for a stopped connector, and beside another bulk sync', async () => {
    const id = await made();
    expect((await act(id, 'resync')).body.code).toBe('JOB_STATE_CONFLICT');
    await act(id, 'start');
    expect(await act(id, 'resync')).toMatchObject({ status: 409, body: { code: 'JOB_STATE_CONFLICT' } });
  });

  it('makes a bulk sync of some collections beside the stream', async () => {
    const id = await made();
    const { body: first } = await act(id, 'start');
    await jobs().command(first.id as string, { kind: 'start' });
    await jobs().command(first.id as string, { kind: 'complete' });
    await setPartition(id, { ...filled, streamJobId: 'job_s' });
    const resync = await act(id, 'resync', { collections: ['orders', 'customers'], mode: 'inPlace' });
    expect(resync).toMatchObject({
      status: 202,
      body: { type: 'bulk_sync', state: 'pending', collections: ['orders', 'customers'] },
    });
    expect(resync.headers.location).toBe(`/api/v1/jobs/${String(resync.body.id)}`);
    // Canceling a resync leaves the connector running: its stream goes on.
    expect((await jobAct(resync.body.id as string, 'cancel')).body.state).toBe('canceled');
    expect((await read(id)).desiredState).toBe('running');
  });

  it.each([
    ['other collections', { collections: ['orders'] }, { collections: ['customers'] }],
    ['another mode', {}, { mode: 'inPlace' }],
  ])('answers requests for %s that race each other like those that follow each other', async (_what, one, another) => {
    const id = await made();
    const { body: first } = await act(id, 'start');
    await jobs().command(first.id as string, { kind: 'start' });
    await jobs().command(first.id as string, { kind: 'complete' });
    const wishes = [one, another];
    const answers = await Promise.all(wishes.map((wish) => act(id, 'resync', wish)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    const accepted = answers.findIndex(({ status }) => status === 202);
    expect(answers[accepted]?.body).toMatchObject(wishes[accepted]!);
    expect(answers[1 - accepted]?.body.code).toBe('JOB_STATE_CONFLICT');
    expect(await jobsOf(id)).toHaveLength(2);
  });

  it('makes one bulk sync for many that ask for the same, in whatever order', async () => {
    const id = await made();
    const { body: first } = await act(id, 'start');
    await jobs().command(first.id as string, { kind: 'start' });
    await jobs().command(first.id as string, { kind: 'complete' });
    const answers = await Promise.all(
      [
        ['orders', 'customers'],
        ['customers', 'orders'],
      ].map((collections) => act(id, 'resync', { collections })),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1);
  });

  it.each([
    ['a pattern of the connector', { collections: ['orders', 'cust*'] }, 422, '/collections/1'],
    ['a pattern within one', { collections: ['custom*'] }, 422, '/collections/0'],
    ['a collection that is not followed', { collections: ['orders', 'films'] }, 422, '/collections/1'],
    ['no collection', { collections: [] }, 422, '/collections'],
    ['a new generation of some collections', { collections: ['orders'], mode: 'newGeneration' }, 422, '/mode'],
    ['an unknown mode', { mode: 'x' }, 422, '/mode'],
    ['an unknown field', { now: true }, 400, '/now'],
  ])('refuses %s', async (_what, body, status, pointer) => {
    const id = await made();
    await act(id, 'start');
    const answer = await act(id, 'resync', body);
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0].pointer).toBe(pointer);
  });
});

describe('rollback', () => {
  it('is refused while there is nothing to return to', async () => {
    const id = await made();
    await act(id, 'start');
    expect(await act(id, 'rollback')).toMatchObject({ status: 409, body: { code: 'JOB_STATE_CONFLICT' } });
  });
});

describe('what is seen of a connector', () => {
  it('waits for a worker, and says so', async () => {
    const id = await made();
    await act(id, 'start');
    const connector = await read(id);
    expect(connector).toMatchObject({
      observedState: 'waiting',
      conditions: [{ reason: 'NoWorker', code: 'JOB_WORKER_MISSING' }],
    });
    expect((await read(id)).conditions).toEqual(connector.conditions);
    await addWorker();
    expect(await read(id)).toMatchObject({ observedState: 'starting', conditions: [] });
  });

  it('shows what its partitions tell, in its own page and in the list', async () => {
    const id = await made();
    await act(id, 'start');
    await addWorker();
    const condition = {
      reason: 'SourceUnreachable',
      code: 'SOURCE_UNREACHABLE',
      message: 'm',
      since: '2026-01-01T00:00:00.000Z',
      remedy: 'r',
    };
    await setPartition(id, { observedState: 'waiting', conditions: [condition as never] });
    expect(await read(id)).toMatchObject({ observedState: 'waiting', conditions: [condition], bindings: [] });
    await setPartition(id, { ...filled, conditions: [condition as never] });
    expect((await read(id)).bindings).toEqual([{ namespace: 'shop.orders', index: 'x' }]);
    const { body } = await api.request(`${CONNECTORS}?pageSize=200`);
    expect((body.items as { id: string }[]).find((item) => item.id === id)).toEqual(await read(id));
  });
});

describe('jobs', () => {
  it('lists by connector, type and state, newest first, page by page', async () => {
    const id = await made();
    const { body: first } = await act(id, 'start');
    await jobAct(first.id as string, 'cancel');
    const { body: second } = await act(id, 'start');
    const stream = await jobs().create({
      type: 'stream_sync',
      connectorId: id,
      connectorName: 'x',
      requestedBy: 'api',
    });
    const list = async (query: string) =>
      ((await api.request(`/api/v1/jobs?connectorId=${id}${query}`)).body.items as Job[]).map((job) => job.id);
    expect(await list('')).toEqual([stream.id, second.id, first.id]);
    expect(await list('&type=bulk_sync')).toEqual([second.id, first.id]);
    expect(await list('&state=canceled')).toEqual([first.id]);
    const page = await api.request(`/api/v1/jobs?connectorId=${id}&pageSize=2`);
    const next = await api.request(
      `/api/v1/jobs?connectorId=${id}&pageSize=2&pageToken=${encodeURIComponent(page.body.nextPageToken as string)}`,
    );
    expect((next.body.items as Job[]).map((job) => job.id)).toEqual([first.id]);
    expect(next.body.nextPageToken).toBeNull();
  });

  it('shows the newest progress that a worker tells', async () => {
    const id = await made();
    const { body: job } = await act(id, 'start');
    await jobs().command(job.id as string, { kind: 'start' });
    await addWorker();
    const progress = { phase: 'scanning', done: 77, total: 100, ratePerSecond: 5, etaSeconds: 4, lagMs: null };
    const counters = { indexed: 70, deleted: 0, skipped: 0, deadLettered: 0, retried: 1, conflicts: 2 };
    const live = {
      kind: 'live',
      workerId: 'wrk_t',
      incarnation: 'inc',
      changes: [],
      updatedAt: new Date().toISOString(),
      jobs: [{ jobId: job.id as string, connectorId: id, type: 'bulk_sync', progress, counters }],
    };
    // No refresh: what a worker has just written is shown at once.
    await api.client.index({ index: `${api.prefix}-workers`, id: 'wrk_t:live', document: live });
    expect((await api.request(`/api/v1/jobs/${String(job.id)}`)).body).toMatchObject({
      state: 'running',
      progress,
      counters,
    });
    expect((await jobsOf(id))[0]).toMatchObject({ progress, counters });
  });

  it('stops the connector when its first filling is canceled', async () => {
    const id = await made();
    const { body: job } = await act(id, 'start');
    const canceled = await jobAct(job.id as string, 'cancel');
    expect(canceled).toMatchObject({ status: 202, body: { state: 'canceled' } });
    expect((await read(id)).desiredState).toBe('stopped');
    expect((await jobAct(job.id as string, 'cancel')).status).toBe(202);
  });

  it('stops the connector when its stream is canceled; leaves the end to a worker that holds it', async () => {
    const id = await made();
    await act(id, 'start');
    const stream = await jobs().create({
      type: 'stream_sync',
      connectorId: id,
      connectorName: 'x',
      requestedBy: 'system',
    });
    await jobs().command(stream.id, { kind: 'start' });
    await addWorker();
    await setPartition(id, { ...filled, streamJobId: stream.id, lease: { workerId: 'wrk_t', incarnation: 'inc' } });
    expect((await jobAct(stream.id, 'cancel')).body.state).toBe('canceling');
    expect(await read(id)).toMatchObject({ desiredState: 'stopped', observedState: 'streaming' });
    expect((await act(id, 'start')).body.code).toBe('JOB_STATE_CONFLICT');
    // The worker dies: nobody is left to end the job, and the next request does.
    await removeWorker();
    expect((await jobAct(stream.id, 'cancel')).body.state).toBe('canceled');
  });

  it('leaves what was started since as it is when an old cancellation is repeated', async () => {
    const id = await made();
    const { body: before } = await act(id, 'start');
    await jobAct(before.id as string, 'cancel');
    const { body: now } = await act(id, 'start');
    expect(await jobAct(before.id as string, 'cancel')).toMatchObject({ status: 202, body: { state: 'canceled' } });
    expect((await read(id)).desiredState).toBe('running');
    expect((await jobs().get(now.id as string)).state).toBe('pending');
  });

  it('refuses to cancel what is over', async () => {
    const id = await made();
    const { body: job } = await act(id, 'start');
    await jobs().command(job.id as string, { kind: 'fail', error: { code: 'SOURCE_UNREACHABLE', message: 'no' } });
    expect(await jobAct(job.id as string, 'cancel')).toMatchObject({
      status: 409,
      body: { code: 'JOB_STATE_CONFLICT' },
    });
  });

  it('confirms only what the brake holds', async () => {
    const id = await made();
    const { body: job } = await act(id, 'start');
    expect((await jobAct(job.id as string, 'confirm')).body.code).toBe('JOB_STATE_CONFLICT');
    await jobs().command(job.id as string, { kind: 'start' });
    const condition = {
      reason: 'SourceUnreachable',
      code: 'SOURCE_UNREACHABLE',
      message: 'm',
      since: '2026-01-01T00:00:00.000Z',
      remedy: 'r',
    } as const;
    await jobs().report(job.id as string, { condition });
    expect((await jobAct(job.id as string, 'confirm')).status).toBe(409);
    await jobs().report(job.id as string, {
      condition: { ...condition, reason: 'RemovalTooLarge', code: 'SWEEP_BRAKE_ENGAGED' },
      heldCollections: ['orders', 'films'],
    });
    const confirm = (collections: unknown): ReturnType<typeof jobAct> =>
      jobAct(job.id as string, 'confirm', { collections });
    expect((await confirm(['customers'])).body.code).toBe('JOB_STATE_CONFLICT');
    for (const bad of [[], 'orders', [7]]) expect((await confirm(bad)).body.code).toBe('API_REQUEST_INVALID');
    expect(await confirm(['films'])).toMatchObject({
      status: 202,
      body: { confirmed: false, heldCollections: ['orders'], confirmedCollections: ['films'] },
    });
    expect(await jobAct(job.id as string, 'confirm')).toMatchObject({
      status: 202,
      body: { confirmed: true, heldCollections: [], confirmedCollections: ['films', 'orders'] },
    });
    expect((await jobAct(job.id as string, 'confirm')).status).toBe(202);
  });
});

describe('workers', () => {
  it('shows who lives', async () => {
    await addWorker();
    const { body } = await api.request('/api/v1/workers');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ id: 'wrk_t', isAlive: true, host: 'h', partitions: [] });
    expect(Object.keys(body.items[0] as object)).not.toContain('incarnation');
  });

  it.each([
    [10_000, false],
    [60_000, true],
  ])('goes by the time that a heartbeat may stand still, %i ms', async (leaseTtlMs, isAlive) => {
    await using other = await startApi({ leaseTtlMs });
    await addWorker(other, 30_000);
    expect((await other.request('/api/v1/workers')).body.items).toMatchObject([{ id: 'wrk_t', isAlive }]);
  });
});
