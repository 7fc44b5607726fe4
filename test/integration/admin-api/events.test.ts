import { eventually, uniqueName } from '@lockstep/testing';
import { type ApiContext, connectorInput, startApi } from './api-context';
import { EventStream } from './event-stream';

jest.setTimeout(60_000);
let api: ApiContext;
const streams: EventStream[] = [];
beforeAll(async () => {
  api = await startApi();
}, 90_000);
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close();
});
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function listen(query = '', headers: Record<string, string> = {}): Promise<EventStream> {
  const stream = await EventStream.open(`${api.url}/api/v1/events${query}`, headers);
  streams.push(stream);
  return stream;
}
async function made(): Promise<string> {
  const answer = await api.request('/api/v1/connectors', { method: 'POST', body: connectorInput(uniqueName('live')) });
  return answer.body.id as string;
}
const now = (): string => new Date().toISOString();
const change = (connectorId: string, sequence: number) => ({
  operation: 'update',
  connectorId,
  namespace: 'shop.orders',
  id: `doc-${String(sequence)}`,
  at: now(),
  sequence,
});
async function beat(beatNumber: number): Promise<void> {
  const document = {
    kind: 'heartbeat',
    id: 'wrk_e',
    incarnation: 'inc',
    version: '0',
    host: 'h',
    pid: 1,
    partitions: [],
    rssBytes: 1,
    beat: beatNumber,
    startedAt: '2026-01-01T00:00:00.000Z',
    beatAt: now(),
  };
  await api.client.index({ index: `${api.prefix}-workers`, id: 'wrk_e', document, refresh: true });
}
async function tell(changes: object[], jobs: object[] = []): Promise<void> {
  const document = { kind: 'live', workerId: 'wrk_e', incarnation: 'inc', jobs, changes, updatedAt: now() };
  await api.client.index({ index: `${api.prefix}-workers`, id: 'wrk_e:live', document });
}

describe('the event stream', () => {
  it('begins with reset and a snapshot, then tells what changes', async () => {
    const id = await made();
    await beat(1);
    const stream = await listen();
    expect(stream.status).toBe(200);
    expect(stream.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await stream.waitFor((e) => e.event === 'connector' && e.data.id === id, 'the connector');
    await stream.waitFor((e) => e.event === 'worker' && e.data.id === 'wrk_e' && e.data.isAlive, 'the worker');
    expect(stream.events[0]).toEqual({ id: null, event: 'reset', data: { reason: 'connected' } });

    const { body: job } = await api.request(`/api/v1/connectors/${id}/actions/start`, { method: 'POST' });
    const told = await stream.waitFor((e) => e.event === 'job' && e.data.id === job.id, 'the job');
    expect(told.data).toMatchObject({ type: 'bulk_sync', state: 'pending', connectorId: id });
    expect(told.data.etag).toBeUndefined();
    await stream.waitFor((e) => e.event === 'connector' && e.data.id === id && e.data.desiredState === 'running');

    const headroom = { headroomMs: 50_000, windowMs: 90_000, unknownCode: null };
    const progress = {
      phase: 'streaming',
      done: 5,
      total: null,
      ratePerSecond: 2,
      etaSeconds: null,
      lagMs: 321,
      headroom,
    };
    const counters = { indexed: 5, deleted: 0, skipped: 0, deadLettered: 0, retried: 0, conflicts: 0 };
    const [one, two] = [change(id, 1), change(id, 2)];
    await tell([one, two], [{ jobId: job.id as string, connectorId: id, type: 'bulk_sync', progress, counters }]);
    const second = await stream.waitFor((e) => e.event === 'change' && e.data.sequence === 2, 'the change');
    expect(second.data).toMatchObject({
      operation: 'update',
      namespace: 'shop.orders',
      id: 'doc-2',
      workerId: 'wrk_e',
    });
    const lag = await stream.waitFor((e) => e.event === 'lag', 'the lag');
    expect(lag.data).toMatchObject({ connectorId: id, lagMs: 321, headroomMs: 50_000, windowMs: 90_000 });
    await stream.waitFor((e) => e.event === 'job' && e.data.progress.done === 5, 'the progress');
    await tell([one, two, change(id, 3)]);
    await stream.waitFor((e) => e.event === 'change' && e.data.sequence === 3, 'the next change');
    expect(stream.events.filter((e) => e.event === 'change' && e.data.sequence === 2)).toHaveLength(1);

    const ids = stream.events.flatMap((e) => (e.id === null ? [] : [BigInt(e.id)]));
    expect(ids.length).toBeGreaterThan(3);
    for (let i = 1; i < ids.length; i += 1) expect(ids[i]! > ids[i - 1]!).toBe(true);

    await api.request(`/api/v1/connectors/${id}`, { method: 'DELETE' });
    await stream.waitFor((e) => e.event === 'connector' && e.data.id === id && e.data.deleted === true, 'the removal');
  });

  it('resumes after the last event that was received', async () => {
    const first = await listen();
    await first.waitFor((e) => e.event === 'reset');
    const before = await made();
    await first.waitFor((e) => e.event === 'connector' && e.data.id === before);
    const lastId = first.lastId!;
    first.close();
    const missed = await made();
    const second = await listen('', { 'last-event-id': lastId });
    await second.waitFor((e) => e.event === 'connector' && e.data.id === missed, 'what was missed');
    expect(second.events.some((e) => e.event === 'reset' || e.data.id === before)).toBe(false);
  });

  it('gives reset and a snapshot for an id that it does not know', async () => {
    const id = await made();
    for (const lastId of ['nonsense', '1', '9'.repeat(22), '']) {
      const stream = await listen('', lastId === '' ? {} : { 'last-event-id': lastId });
      await stream.waitFor((e) => e.event === 'connector' && e.data.id === id, 'the snapshot');
      expect(stream.events[0]).toMatchObject({
        event: 'reset',
        data: { reason: lastId === '' ? 'connected' : 'unknown_last_event_id' },
      });
      expect(stream.lastId).toMatch(/^\d{22}$/);
    }
  });

  it('tells of one connector alone when asked to', async () => {
    const [mine, other] = [await made(), await made()];
    const stream = await listen(`?connectorId=${mine}`);
    await stream.waitFor((e) => e.event === 'connector' && e.data.id === mine);
    await tell([change(other, 11), change(mine, 12)]);
    await stream.waitFor((e) => e.event === 'change' && e.data.sequence === 12);
    expect(stream.events.filter((e) => e.data.connectorId === other || e.data.id === other)).toEqual([]);
    await stream.waitFor((e) => e.event === 'worker');
  });

  it('says that it is alive', async () => {
    const stream = await listen();
    await eventually(() => stream.comments.includes('heartbeat'), { timeoutMs: 15_000, what: 'a heartbeat' });
  });

  it('bounds the number of listeners, and counts those that have gone', async () => {
    const { body } = await api.request('/api/v1/system');
    const limit = body.limits.maxEventClients as number;
    const opened: EventStream[] = [];
    let refused: EventStream | undefined;
    while (refused === undefined && opened.length <= limit) {
      const stream = await listen();
      if (stream.status === 200) opened.push(stream);
      else refused = stream;
    }
    expect(refused?.status).toBe(429);
    expect(refused?.headers).toMatchObject({
      'retry-after': '5',
      'content-type': 'application/problem+json; charset=utf-8',
    });
    for (const stream of opened) stream.close();
    await eventually(async () => (await listen()).status === 200, { what: 'room for a listener' });
  });

  it('cuts off a listener that does not read, and keeps the others', async () => {
    const id = await made();
    const [slow, quick] = [await listen(), await listen()];
    await quick.waitFor((e) => e.event === 'reset');
    slow.stall();
    const big = 'x'.repeat(60_000);
    let sequence = 1_000;
    // More than the buffers of both ends of a connection take, round by round.
    for (let round = 0; round < 8; round += 1) {
      await beat(sequence);
      await tell(Array.from({ length: 40 }, () => ({ ...change(id, (sequence += 1)), namespace: big })));
      await quick.waitFor((e) => e.event === 'change' && e.data.sequence === sequence);
    }
    slow.resume();
    await eventually(() => slow.isClosed, { what: 'the slow listener to be cut off' });
    expect(slow.events.some((e) => e.event === 'change' && e.data.sequence === sequence)).toBe(false);
    expect(quick.isClosed).toBe(false);
    await tell([]);
  });

  it('is closed at once when the API stops', async () => {
    await using other = await startApi();
    const stream = await EventStream.open(`${other.url}/api/v1/events`);
    expect(stream.status).toBe(200);
    const startMs = performance.now();
    await other.close();
    expect(performance.now() - startMs).toBeLessThan(3_000);
    await eventually(() => stream.isClosed, { what: 'the end of the stream' });
  });
});
