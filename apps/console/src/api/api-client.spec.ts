import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from './api-client.js';
import { TokenStore } from './token-store.js';

describe('a token that is given while a request without one is under way', () => {
  const refusals: ServerResponse[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    if (request.headers.authorization === 'Bearer right') {
      response.end('{"of":"right"}');
      return;
    }
    response.statusCode = 401;
    if (request.url === '/late') refusals.push(response);
    else response.end('{}');
  });
  let tokens: TokenStore;
  let denials: number;
  let api: ApiClient;

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });

  beforeEach(() => {
    asked = 0;
    denials = 0;
    tokens = new TokenStore(inMemory());
    const { port } = server.address() as AddressInfo;
    api = new ApiClient({
      baseUrl: `http://127.0.0.1:${port}/`,
      tokens,
      onUnauthenticated: () => {
        denials += 1;
      },
    });
  });

  it('is used for what its late refusal was about, and is not taken for refused', async () => {
    const answer = api.json('late');
    while (refusals.length === 0) await delay(5);
    tokens.set('right');
    refusals.pop()?.end('{}');
    expect(await answer).toEqual({ of: 'right' });
    expect({ asked, denials }).toEqual({ asked: 2, denials: 0 });
  });

  it('is asked for when there is none, and again when it is wrong', async () => {
    await expect(api.json('now')).rejects.toMatchObject({ problem: { status: 401 } });
    tokens.set('wrong');
    await expect(api.json('now')).rejects.toMatchObject({ problem: { status: 401 } });
    expect({ asked, denials }).toEqual({ asked: 2, denials: 2 });
  });
});

function inMemory(): Storage {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    clear: () => entries.clear(),
    getItem: (key) => entries.get(key) ?? null,
    key: (index) => [...entries.keys()][index] ?? null,
    removeItem: (key) => void entries.delete(key),
    setItem: (key, value) => void entries.set(key, value),
  };
}
