import type { PartitionState } from '@lockstep/contracts';
import { ConnectorStore } from '@lockstep/config-store';
import { GenerationStore, PartitionStore } from '@lockstep/jobs';
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

const HOLDER = { workerId: 'wrk_p', incarnation: 'inc' };
const binding = {
  collection: 'orders',
  index: 'x',
  collectionUuid: null,
  indexUuid: null,
  scan: null,
  suspension: null,
};
const PLACED: Partial<PartitionState> = {
  position: { h: '1700000000.5', token: 'AAAA', startAfter: false },
  bindings: { orders: binding },
  epoch: 7,
};

/** A connector that rests, with a partition as a worker has left it. */
async function resting(change: Partial<PartitionState> = {}, generation = 1): Promise<string> {
  const made = await api.request('/api/v1/connectors', { method: 'POST', body: connectorInput(uniqueName('pos')) });
  const id = made.body.id as string;
  await place(id, { ...PLACED, ...change }, generation);
  return id;
}
async function place(connectorId: string, change: Partial<PartitionState>, generation: number): Promise<void> {
  const state = await new PartitionStore(api.client, api.prefix).ensure({ connectorId, generation, partition: 0 });
  const document = { ...state, ...change };
  await api.client.index({
    index: `${api.prefix}-state`,
    id: `${connectorId}:${String(generation)}:0`,
    document,
    refresh: true,
  });
}
const stateOf = (connectorId: string, generation = 1) =>
  new PartitionStore(api.client, api.prefix).get({ connectorId, generation, partition: 0 });
const setPosition = (id: string, time: string) =>
  api.request(`/api/v1/connectors/${id}/actions/setPosition`, { method: 'POST', body: { time, reason: 'why' } });
async function audited(connectorId: string): Promise<number> {
  await api.client.indices.refresh({ index: `${api.prefix}-audit` });
  return (await api.client.count({ index: `${api.prefix}-audit`, query: { term: { connectorId } } })).count;
}
async function setWorker(isThere: boolean): Promise<void> {
  const now = new Date().toISOString();
  const { workerId: id, incarnation } = HOLDER;
  const figures = { version: '0', host: 'h', pid: 1, partitions: [], rssBytes: 1, beat: 1 };
  const document = { kind: 'heartbeat', id, incarnation, ...figures, startedAt: now, beatAt: now };
  if (isThere) await api.client.index({ index: `${api.prefix}-workers`, id, document, refresh: true });
  else await api.client.delete({ index: `${api.prefix}-workers`, id, refresh: true });
}

describe('setting a position', () => {
  it('forward forgets the bindings in the same write, and is recorded', async () => {
    const id = await resting();
    const answer = await setPosition(id, '2024-01-01T00:00:00Z');
    expect(answer).toMatchObject({
      status: 202,
      body: { connectorId: id, from: '1700000000.5', to: '1704067200.0', isResyncDue: true },
    });
    expect(await stateOf(id)).toMatchObject({
      position: { h: '1704067200.0', token: null, startAfter: false },
      bindings: {},
      epoch: 8,
      lease: null,
    });
    expect(await audited(id)).toBe(1);
    // What is to be read again is carried by a bulk sync.
    const started = await api.request(`/api/v1/connectors/${id}/actions/start`, { method: 'POST' });
    expect(started.body.type).toBe('bulk_sync');
  });

  it('back keeps them', async () => {
    const id = await resting();
    expect((await setPosition(id, '1600000000.1')).body).toMatchObject({ to: '1600000000.1', isResyncDue: false });
    expect(await stateOf(id)).toMatchObject({ position: { h: '1600000000.1' }, bindings: { orders: binding } });
  });

  it('waits for a worker that lives, and takes over from one that is gone', async () => {
    await setWorker(true);
    const id = await resting({ lease: HOLDER });
    expect(await setPosition(id, '1600000000.1')).toMatchObject({ status: 409, body: { code: 'JOB_STATE_CONFLICT' } });
    expect(await stateOf(id)).toMatchObject({ ...PLACED, lease: HOLDER });
    expect(await audited(id)).toBe(0);
    await setWorker(false);
    expect((await setPosition(id, '1600000000.1')).status).toBe(202);
    expect(await stateOf(id)).toMatchObject({ epoch: 8, lease: null, fence: 8 });
  });

  it('is refused while it runs, before there is one, and while a generation takes over', async () => {
    const running = await resting();
    const connectors = new ConnectorStore(api.client, api.prefix);
    await connectors.setDesiredState(running, 'running');
    const switching = await resting();
    const generations = new GenerationStore(api.client, api.prefix);
    await generations.begin(switching, { jobId: 'job_g', revision: 1 });
    await generations.commit(switching, { number: 2, jobId: 'job_g' });
    for (const id of [running, switching, await resting({ position: null })]) {
      expect(await setPosition(id, '1600000000.1')).toMatchObject({
        status: 409,
        body: { code: 'JOB_STATE_CONFLICT' },
      });
      expect(await audited(id)).toBe(0);
    }
  });

  it('moves a generation on its way along, each by where it stands', async () => {
    const id = await resting();
    await place(id, { ...PLACED, position: { h: '1700000000.3', token: null, startAfter: false } }, 2);
    await new GenerationStore(api.client, api.prefix).begin(id, { jobId: 'job_g', revision: 1 });
    expect((await setPosition(id, '1700000000.4')).body).toMatchObject({ from: '1700000000.3', isResyncDue: true });
    expect(await stateOf(id, 1)).toMatchObject({ position: { h: '1700000000.4' }, bindings: { orders: binding } });
    expect(await stateOf(id, 2)).toMatchObject({ position: { h: '1700000000.4' }, bindings: {} });
  });

  it('leaves a retired generation where a rollback begins', async () => {
    const id = await resting();
    await place(id, PLACED, 2);
    const generations = new GenerationStore(api.client, api.prefix);
    await generations.begin(id, { jobId: 'job_g', revision: 1 });
    await generations.commit(id, { number: 2, jobId: 'job_g' });
    await generations.serve(id, 2);
    expect((await setPosition(id, '1600000000.1')).status).toBe(202);
    expect((await stateOf(id, 2))?.position?.h).toBe('1600000000.1');
    expect((await stateOf(id, 1))?.position?.h).toBe('1700000000.5');
  });
});
