import { MongoClient } from 'mongodb';
import { eventually, httpJson, startElasticsearch, startReplicaSet, testServers } from '@lockstep/testing';

jest.setTimeout(300_000);

describe('the shared servers', () => {
  it('are a replica set with change streams and an Elasticsearch that takes versioned writes', async () => {
    const { mongodbUrl, elasticsearchUrl } = testServers();
    const client = new MongoClient(mongodbUrl);
    try {
      const hello = await client.db('admin').command({ hello: 1 });
      expect(hello).toMatchObject({ setName: 'rs0', isWritablePrimary: true });
    } finally {
      await client.close();
    }
    const health = await httpJson(`${elasticsearchUrl}/_cluster/health`);
    expect(health.status).toBe(200);
    expect(health.body).toMatchObject({ number_of_nodes: 1 });
  });
});

describe('a replica set of three', () => {
  it('elects another primary after a step-down and after a kill, and takes the killed one back', async () => {
    await using set = await startReplicaSet({ members: 3 });
    const first = await set.primary();
    const second = await set.stepDown();
    expect(second.port).not.toBe(first.port);
    await second.kill();
    const third = await set.primary();
    expect(third.port).not.toBe(second.port);
    await second.start();
    const client = new MongoClient(set.url);
    try {
      await eventually(
        async () => {
          const status = await client.db('admin').command({ replSetGetStatus: 1 });
          const states = (status.members as { stateStr: string }[]).map((member) => member.stateStr).sort();
          return states.join() === 'PRIMARY,SECONDARY,SECONDARY';
        },
        { timeoutMs: 30_000, what: 'three healthy members' },
      );
    } finally {
      await client.close();
    }
  });
});

describe('a standalone server', () => {
  it('is in no replica set', async () => {
    await using server = await startReplicaSet({ members: 0 });
    const client = new MongoClient(server.url);
    try {
      const hello = await client.db('admin').command({ hello: 1 });
      expect(hello.setName).toBeUndefined();
    } finally {
      await client.close();
    }
  });
});

describe('an Elasticsearch with security', () => {
  it('answers over TLS to API keys with their rights only, until they are revoked', async () => {
    await using server = await startElasticsearch({ security: true });
    const { ca } = server.access!;
    expect((await httpJson(`${server.url}/`, { ca })).status).toBe(401);
    await expect(httpJson(`${server.url}/`)).rejects.toThrow(/self-signed/);

    const key = await server.createApiKey('reader', {
      reader: { index: [{ names: ['open-*'], privileges: ['all'] }] },
    });
    const headers = { authorization: `ApiKey ${key.encoded}` };
    const put = (index: string) =>
      httpJson(`${server.url}/${index}/_doc/1`, { method: 'PUT', ca, headers, body: { n: 1 } });
    expect((await put('open-1')).status).toBe(201);
    expect((await put('closed-1')).status).toBe(403);

    await server.revokeApiKey(key.id);
    expect((await put('open-1')).status).toBe(401);

    await server.createUser('operator', 'a-long-password', { cluster: ['monitor'] });
    const basic = `Basic ${Buffer.from('operator:a-long-password').toString('base64')}`;
    const asUser = await httpJson(`${server.url}/`, { ca, headers: { authorization: basic } });
    expect(asUser.body).toMatchObject({
      version: { number: process.env.LOCKSTEP_TEST_ELASTICSEARCH_VERSION ?? '8.19.9' },
    });
  });
});
