import { GenerationStore } from '@lockstep/jobs';
import { eventually, uniqueName } from '@lockstep/testing';
import { type ApiContext, connectorInput, startApi } from './api-context';

jest.setTimeout(60_000);
let api: ApiContext;
beforeAll(async () => {
  api = await startApi();
}, 90_000);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

const letterId = (n: number): string => `dl_${String(n).padStart(40, '0')}`;

async function made(): Promise<string> {
  const answer = await api.request('/api/v1/connectors', { method: 'POST', body: connectorInput(uniqueName('dead')) });
  return answer.body.id as string;
}

async function letter(connectorId: string, n: number, change: Record<string, unknown> = {}): Promise<void> {
  const at = new Date(1_700_000_000_000 + n * 1_000).toISOString();
  const document = {
    schema: 1,
    id: letterId(n),
    state: 'open',
    connectorId,
    connectorName: 'x',
    namespace: 'shop.orders',
    binding: 'orders',
    generation: 1,
    index: 'orders-000001',
    documentId: `doc-${String(n)}`,
    originalId: '1',
    version: '1',
    code: 'SINK_DOCUMENT_REJECTED',
    errorType: 'document_parsing_exception',
    field: 'total',
    isStale: false,
    reason: null,
    body: null,
    seenCount: 1,
    firstSeenAt: at,
    lastSeenAt: at,
    closedAt: null,
    discardedBy: null,
    discardReason: null,
    ...change,
  };
  await api.client.index({ index: `${api.prefix}-dead-letters`, id: letterId(n), document, refresh: true });
}

describe('dead letters', () => {
  it('lists open ones, filtered, page by page', async () => {
    const [id, other] = [await made(), await made()];
    await letter(id, 1);
    await letter(id, 2, { errorType: 'illegal_argument_exception', field: 'when' });
    await letter(id, 3, { state: 'resolved' });
    await letter(other, 4);
    const list = async (query: string) =>
      ((await api.request(`/api/v1/connectors/${id}/dead-letters${query}`)).body.items as { documentId: string }[]).map(
        (item) => item.documentId,
      );
    expect(await list('')).toEqual(['doc-2', 'doc-1']);
    expect(await list('?state=resolved')).toEqual(['doc-3']);
    expect(await list('?errorType=document_parsing_exception')).toEqual(['doc-1']);
    expect(await list('?field=when')).toEqual(['doc-2']);
    const page = await api.request(`/api/v1/connectors/${id}/dead-letters?pageSize=1`);
    expect(page.body.items[0].schema).toBeUndefined();
    expect(page.body.items[0].remedy).toMatch(/retry/);
    expect(await list(`?pageSize=1&pageToken=${encodeURIComponent(page.body.nextPageToken as string)}`)).toEqual([
      'doc-1',
    ]);
    expect((await api.request(`/api/v1/connectors/${id}/dead-letters?state=lost`)).status).toBe(422);
    expect((await api.request(`/api/v1/connectors/${id}/dead-letters?pageToken=x`)).body.code).toBe(
      'API_REQUEST_INVALID',
    );
    expect((await api.request('/api/v1/connectors/con_00000000000000000000000000/dead-letters')).body.code).toBe(
      'CONNECTOR_UNKNOWN',
    );
  });

  it('counts the open ones in the connector, in the list and in the metrics', async () => {
    const [id, other] = [await made(), await made()];
    for (const n of [31, 32]) await letter(id, n);
    await letter(id, 33, { state: 'resolved' });
    expect((await api.request(`/api/v1/connectors/${id}`)).body.openDeadLetters).toBe(2);
    const { items } = (await api.request('/api/v1/connectors?pageSize=200')).body as {
      items: { id: string; openDeadLetters: number }[];
    };
    const counts = new Map(items.map((item) => [item.id, item.openDeadLetters]));
    expect([counts.get(id), counts.get(other)]).toEqual([2, 0]);
    const metrics = async () => (await api.request('/metrics')).body as string;
    const served = await metrics();
    expect(served).toContain(`lockstep_open_dead_letters{connector="${id}"} 2`);
    expect(served).toContain(`lockstep_open_dead_letters{connector="${other}"} 0`);
    expect((await api.request(`/api/v1/connectors/${other}`, { method: 'DELETE' })).status).toBe(204);
    await eventually(async () => !(await metrics()).includes(other), { what: 'the series of what is gone to go' });
  });

  it('leaves those of a generation out that rests, and takes them in again when it returns', async () => {
    const id = await made();
    await letter(id, 41);
    await letter(id, 42, { generation: 2 });
    const generations = new GenerationStore(api.client, api.prefix);
    await generations.begin(id, { jobId: 'job_g', revision: 1 });
    await generations.commit(id, { number: 2, jobId: 'job_g' });
    const path = `/api/v1/connectors/${id}`;
    const seen = async (): Promise<unknown> => {
      const { items } = (await api.request(`${path}/dead-letters`)).body as { items: { generation: number }[] };
      const exported = await (await fetch(`${api.url}${path}/dead-letters/export`)).text();
      const metrics = (await api.request('/metrics')).body as string;
      return {
        listed: items.map(({ generation }) => generation),
        exported: exported.trimEnd().split('\n').length,
        counted: (await api.request(path)).body.openDeadLetters as number,
        measured: new RegExp(`lockstep_open_dead_letters{connector="${id}"} (.)`).exec(metrics)?.[1],
      };
    };
    expect(await seen()).toEqual({ listed: [2, 1], exported: 2, counted: 2, measured: '2' });
    await generations.serve(id, 2);
    expect(await seen()).toEqual({ listed: [2], exported: 1, counted: 1, measured: '1' });
    const retried = await api.request(`${path}/dead-letters/actions/retry`, { method: 'POST' });
    expect(retried.body).toEqual({ count: 1 });
    await generations.bringBack(id, 'job_r');
    expect(await seen()).toEqual({ listed: [2, 1], exported: 2, counted: 2, measured: '2' });
  });

  it('gives one up, of its own connector only', async () => {
    const [id, other] = [await made(), await made()];
    await letter(id, 5, { body: 'content', reason: 'words' });
    const discard = (connector: string, letterPath: string, body?: unknown) =>
      api.request(`/api/v1/connectors/${connector}/dead-letters/${letterPath}/actions/discard`, {
        method: 'POST',
        ...(body === undefined ? {} : { body }),
      });
    expect((await discard(other, letterId(5))).body.code).toBe('DEAD_LETTER_UNKNOWN');
    expect((await discard(id, 'dl_nonsense')).body.code).toBe('DEAD_LETTER_UNKNOWN');
    expect((await discard(id, letterId(5), { why: 'x' })).body.code).toBe('API_FIELD_UNKNOWN');
    const answer = await discard(id, letterId(5), { reason: 'test data' });
    expect(answer).toMatchObject({
      status: 202,
      body: { state: 'discarded', discardReason: 'test data', discardedBy: 'api', body: null, reason: null },
    });
    expect((await discard(id, letterId(5))).status).toBe(202);
    await letter(id, 6, { state: 'resolved' });
    expect((await discard(id, letterId(6))).body.code).toBe('JOB_STATE_CONFLICT');
  });

  it('marks one, or all of a filter, to be tried again', async () => {
    const id = await made();
    for (const n of [11, 12, 13]) await letter(id, n);
    await letter(id, 14, { errorType: 'illegal_argument_exception' });
    await letter(id, 15, { state: 'discarded' });
    const path = `/api/v1/connectors/${id}/dead-letters`;
    const post = (rest: string, body?: unknown) =>
      api.request(`${path}/${rest}`, { method: 'POST', ...(body === undefined ? {} : { body }) });
    const one = await post(`${letterId(11)}/actions/retry`);
    expect(one).toMatchObject({ status: 202, body: { state: 'open', retry: { requestedBy: 'api' } } });
    expect((await post(`${letterId(15)}/actions/retry`)).body.code).toBe('JOB_STATE_CONFLICT');
    expect((await post(`${letterId(99)}/actions/retry`)).body.code).toBe('DEAD_LETTER_UNKNOWN');
    expect(await post('actions/retry', { errorType: 'document_parsing_exception' })).toMatchObject({
      status: 202,
      body: { count: 2 },
    });
    expect((await post('actions/retry')).body).toEqual({ count: 1 });
    expect((await post('actions/retry', { state: 'resolved' })).body.code).toBe('API_REQUEST_INVALID');
    expect((await post('actions/retry', { colour: 'x' })).body.code).toBe('API_FIELD_UNKNOWN');
    expect((await api.request(`${path}/${letterId(12)}`)).body.retry.requestedAt).toBeDefined();
    const gone = await post('actions/discard', { field: 'total', reason: 'old data' });
    expect(gone).toMatchObject({ status: 202, body: { count: 4 } });
    const discarded = await api.request(`${path}?state=discarded`);
    const ours = (discarded.body.items as { discardReason: string | null; retry: unknown }[]).filter(
      ({ discardReason, retry }) => discardReason === 'old data' && retry === null,
    );
    expect(ours).toHaveLength(4);
  });

  it.each(['20260115', '2026-W03', '2026-015', '2010-02-18T16.5', '2026-01-15', '2026-02-30T00:00:00Z', 'yesterday'])(
    'says which time it cannot read: %s',
    async (time) => {
      const path = `/api/v1/connectors/${await made()}/dead-letters`;
      for (const field of ['from', 'to']) {
        const refused = { status: 422, body: { code: 'API_REQUEST_INVALID', errors: [{ pointer: `/${field}` }] } };
        for (const rest of ['', '/export'])
          expect(await api.request(`${path}${rest}?${field}=${time}`)).toMatchObject(refused);
        for (const rest of ['/actions/retry', '/actions/discard'])
          expect(await api.request(`${path}${rest}`, { method: 'POST', body: { [field]: time } })).toMatchObject(
            refused,
          );
      }
    },
  );

  it.each(['from', 'to', 'errorType', 'field'])('does not take null for a filter by %s', async (field) => {
    const path = `/api/v1/connectors/${await made()}/dead-letters/actions/discard`;
    expect(await api.request(path, { method: 'POST', body: { [field]: null } })).toMatchObject({
      status: 422,
      body: {
        code: 'API_REQUEST_INVALID',
        errors: expect.arrayContaining([expect.objectContaining({ pointer: `/${field}` })]),
      },
    });
  });

  it('filters by time and exports one line for each', async () => {
    const id = await made();
    for (let n = 100; n < 230; n += 1) await letter(id, n);
    const path = `/api/v1/connectors/${id}/dead-letters`;
    const at = (n: number): string => new Date(1_700_000_000_000 + n * 1_000).toISOString();
    const page = await api.request(`${path}?from=${at(110)}&to=${at(113)}`);
    expect(page.body.items.map((item: { documentId: string }) => item.documentId)).toEqual([
      'doc-112',
      'doc-111',
      'doc-110',
    ]);
    expect((await api.request(`${path}?from=yesterday`)).body.code).toBe('API_REQUEST_INVALID');
    expect((await api.request(`${path}?from=${at(5)}&to=${at(4)}`)).body.code).toBe('API_REQUEST_INVALID');
    const answer = await fetch(`${api.url}${path}/export`);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await answer.text()).trimEnd().split('\n');
    const ids = new Set(lines.map((line) => (JSON.parse(line) as { documentId: string }).documentId));
    expect([lines.length, ids.size]).toEqual([130, 130]);
    expect(await (await fetch(`${api.url}${path}/export?field=other`)).text()).toBe('');
  });

  it('removes them with their connector, and what else is kept of its documents', async () => {
    const id = await made();
    await letter(id, 7);
    const kept = { index: `${api.prefix}-document-ids`, id: 'oid_1' };
    await api.client.index({ ...kept, document: { schema: 1, id: 'oid_1', connectorId: id, index: 'orders-000001' } });
    expect((await api.request(`/api/v1/connectors/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await api.client.exists({ index: `${api.prefix}-dead-letters`, id: letterId(7) })).toBe(false);
    expect(await api.client.exists(kept)).toBe(false);
  });
});
