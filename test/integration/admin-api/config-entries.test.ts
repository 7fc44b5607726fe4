import { type ApiContext, startApi } from './api-context';

jest.setTimeout(60_000);
const CANARY = 'canary-9f3b-config-secret';
let api: ApiContext;
beforeAll(async () => {
  api = await startApi();
}, 90_000);
afterAll(async () => {
  await api[Symbol.asyncDispose]();
});
const put = (key: string, body: unknown, headers: Record<string, string> = {}) =>
  api.request(`/api/v1/config/${key}`, { method: 'PUT', body, headers });

describe('config entries', () => {
  it('keeps a plain value of any shape and shows it', async () => {
    const value = { list: [1, 'zwei', null], nested: { ok: true } };
    const created = await put('plain', { value });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ key: 'plain', sealed: false, value, updatedAt: expect.any(String) });
    const read = await api.request('/api/v1/config/plain');
    expect(read.body).toEqual(created.body);
    expect(read.headers.etag).toBe(created.headers.etag);
    const replaced = await put('plain', { value: null });
    expect(replaced).toMatchObject({ status: 200, body: { value: null } });
  });

  it('seals a secret on receipt and never gives it back', async () => {
    const created = await put('secret', { secret: CANARY });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({ key: 'secret', sealed: true, keyId: api.keyId, updatedAt: expect.any(String) });
    const read = await api.request('/api/v1/config/secret');
    expect(Object.keys(read.body as object).sort()).toEqual(['key', 'keyId', 'sealed', 'updatedAt']);
  });

  it('takes a value that the client sealed with the published key alone', async () => {
    const created = await put('sealed', { sealed: await api.sealAsClient(CANARY) });
    expect(created).toMatchObject({ status: 201, body: { sealed: true, keyId: api.keyId } });
  });

  it('refuses a sealed value of an unknown or unnamed key, and one that is bound to another place', async () => {
    const unknown = await put('other', { sealed: await api.sealAsClient(CANARY, { kid: 'nobody' }) });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'KEY_UNKNOWN' } });
    const unnamed = await put('other', { sealed: await api.sealAsClient(CANARY, { kid: undefined }) });
    expect(unnamed.status).toBe(422);
    const lsk = { purpose: 'config', subject: 'elsewhere' };
    const moved = await put('other', { sealed: await api.sealAsClient(CANARY, { lsk }) });
    expect(moved.status).toBe(422);
    expect((await api.request('/api/v1/config/other')).status).toBe(404);
  });

  it('lists page by page', async () => {
    for (const key of ['page-a', 'page-b', 'page-c']) await put(key, { value: key });
    const seen: string[] = [];
    let token = '';
    do {
      const page = await api.request(`/api/v1/config?pageSize=2${token === '' ? '' : `&pageToken=${token}`}`);
      expect(page.body.items.length).toBeLessThanOrEqual(2);
      seen.push(...(page.body.items as { key: string }[]).map((entry) => entry.key));
      token = page.body.nextPageToken === null ? '' : encodeURIComponent(page.body.nextPageToken as string);
    } while (token !== '');
    expect(seen).toEqual([...new Set(seen)].sort());
    expect(seen).toEqual(expect.arrayContaining(['page-a', 'page-b', 'page-c']));
  });

  it('checks If-Match when it is sent', async () => {
    const { headers } = await put('guarded', { value: 1 });
    const etag = headers.etag!;
    expect((await put('guarded', { value: 2 }, { 'if-match': etag })).status).toBe(200);
    const stale = await put('guarded', { value: 3 }, { 'if-match': etag });
    expect(stale).toMatchObject({ status: 412, body: { code: 'API_PRECONDITION_FAILED' } });
    expect((await put('guarded', { value: 4 }, { 'if-match': `W/${etag}` })).status).toBe(412);
    expect((await put('guarded', { value: 5 }, { 'if-match': '*' })).status).toBe(200);
    expect((await put('not-there', { value: 1 }, { 'if-match': '*' })).status).toBe(412);
    const refused = await api.request('/api/v1/config/guarded', { method: 'DELETE', headers: { 'if-match': etag } });
    expect(refused.status).toBe(412);
  });

  it('lets one of two racing writers win', async () => {
    const { headers } = await put('raced', { value: 0 });
    const answers = await Promise.all([1, 2, 3].map((value) => put('raced', { value }, { 'if-match': headers.etag! })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412, 412]);
  });

  it('deletes', async () => {
    await put('gone', { value: 1 });
    expect((await api.request('/api/v1/config/gone', { method: 'DELETE' })).status).toBe(204);
    expect((await api.request('/api/v1/config/gone', { method: 'DELETE' })).body.code).toBe('CONFIG_ENTRY_UNKNOWN');
  });

  it('keeps the secret out of what is stored and logged', async () => {
    const stored = await api.client.search({ index: `${api.prefix}-config`, size: 100 });
    expect(JSON.stringify(stored)).toContain('plain');
    expect(JSON.stringify(stored)).not.toContain(CANARY);
    expect(api.logText()).not.toContain(CANARY);
  });
});
