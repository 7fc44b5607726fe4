import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { classifyElasticError, createElasticClient, DocumentStore, probeElasticsearch } from '@lockstep/elastic';

interface Stand extends AsyncDisposable {
  readonly url: string;
  readonly seen: IncomingHttpHeaders[];
}

/** Answers every request alike: the client is what is looked at here. */
async function stand(status: number, body: string, headers: Record<string, string> = {}): Promise<Stand> {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const everything = (error: unknown): string => {
  const { message, stack, cause } = error as Error;
  return `${message} ${stack} ${JSON.stringify(error)} ${String(cause)} ${JSON.stringify(cause)}`;
};

describe('createElasticClient', () => {
  it.each([
    [{ apiKey: 'c2VjcmV0LWtleQ==' }, 'ApiKey c2VjcmV0LWtleQ=='],
    [{ username: 'u', password: 'p:ä' }, `Basic ${Buffer.from('u:p:ä').toString('base64')}`],
    [{}, undefined],
  ])('sends the credentials %j', async (credentials, authorization) => {
    await using server = await stand(200, '{"count":1}', { 'x-elastic-product': 'Elasticsearch' });
    const client = createElasticClient({ url: server.url, ...credentials });
    await client.count({ index: 'x' });
    expect(server.seen[0]?.authorization).toBe(authorization);
    expect(server.seen[0]?.['accept-encoding'] ?? '').not.toContain('gzip');
    await client.close();
  });

  it('asks once: whether something may be sent again is not its decision', async () => {
    await using server = await stand(503, '{}');
    const client = createElasticClient({ url: server.url });
    await expect(client.count({ index: 'x' })).rejects.toThrow();
    expect(server.seen).toHaveLength(1);
    await client.close();
  });

  it.each([401, 403, 500])('shows neither credentials nor content in the error of a %i', async (status) => {
    const body = JSON.stringify({ error: { type: 'security_exception', reason: 'card 4111' }, status });
    await using server = await stand(status, body);
    const client = createElasticClient({ url: server.url, apiKey: 'c2VjcmV0LWtleQ==' });
    const error: unknown = await new DocumentStore(client, 'x').put('id', { card: '4111' }).catch((e: unknown) => e);
    expect(everything(error)).not.toMatch(/c2VjcmV0|4111/);
    await client.close();
  });

  it('does not take something else for Elasticsearch', async () => {
    await using server = await stand(200, '{"version":{"number":"9.9.9"}}');
    const client = createElasticClient({ url: server.url });
    await expect(probeElasticsearch(client)).rejects.toMatchObject({ code: 'SINK_RESPONSE_INVALID' });
    await client.close();
  });

  it.each([
    [200, '{"version":{"number":"7.17.0"},"cluster_uuid":"u"}', 'SINK_REQUEST_REFUSED'],
    [401, '{"error":{"type":"security_exception"},"status":401}', 'SINK_AUTH_FAILED'],
    [502, '<html>', 'SINK_UNREACHABLE'],
  ])('probes a %i %s as %s', async (status, body, code) => {
    const headers = {
      'x-elastic-product': 'Elasticsearch',
      ...(status === 502 ? { 'content-type': 'text/html' } : {}),
    };
    await using server = await stand(status, body, headers);
    const client = createElasticClient({ url: server.url });
    await expect(probeElasticsearch(client)).rejects.toMatchObject({ code });
    await client.close();
  });

  it('lets credentials pass that may see nothing of the cluster', async () => {
    await using server = await stand(403, '{"error":{"type":"security_exception"},"status":403}');
    const client = createElasticClient({ url: server.url, apiKey: 'x' });
    expect(await probeElasticsearch(client)).toEqual({ version: null, clusterUuid: null });
    await client.close();
  });

  it.each(['{"message":"no such route"}', '{"_id":"x"}'])(
    'does not take the 404 %s of a proxy for an absent document',
    async (body) => {
      await using server = await stand(404, body, { 'x-elastic-product': 'Elasticsearch' });
      const client = createElasticClient({ url: server.url });
      const store = new DocumentStore(client, 'x');
      await expect(store.get('x')).rejects.toMatchObject({ code: 'SINK_REQUEST_REFUSED' });
      await expect(store.delete({ id: 'x' })).rejects.toMatchObject({ code: 'SINK_REQUEST_REFUSED' });
      await client.close();
    },
  );

  it('gives up an answer that does not come', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createElasticClient({ url, requestTimeoutMs: 200 });
    const error = await client.count({ index: 'x' }).catch((e: unknown) => classifyElasticError(e));
    expect(error).toMatchObject({ code: 'SINK_UNREACHABLE', cause: { kind: 'timeout' } });
    server.closeAllConnections();
    server.close();
    await client.close();
  });
});
