import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DocumentStore, stateAlias } from '@lockstep/elastic';
import { createLogger } from '@lockstep/observability';
import { generateKeyPair } from '@lockstep/sealed-secrets';
import { loadSettings } from '@lockstep/settings';
import { ElasticsearchFaultProxy, eventually, testServers, uniqueName, type SeenRequest } from '@lockstep/testing';
import { Worker } from '../../../apps/connector-worker/src/worker/worker';
import { JobsContext, TEST_TIMEOUT_MS } from '../jobs/jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

describe('a worker that is stopped before it has begun', () => {
  const context = new JobsContext();
  let proxy: ElasticsearchFaultProxy;
  let folder: string;

  beforeAll(async () => {
    await context.setUp();
    proxy = await ElasticsearchFaultProxy.start(testServers().elasticsearchUrl);
    folder = await mkdtemp(join(tmpdir(), 'lockstep-worker-'));
    await generateKeyPair(join(folder, 'private'), join(folder, 'public'), { force: false });
  });
  afterEach(() => proxy.heal());
  afterAll(async () => {
    await proxy.stop();
    await rm(folder, { recursive: true, force: true });
    await context[Symbol.asyncDispose]();
  });

  const isBeat = ({ method, path }: SeenRequest): boolean => method === 'PUT' && path.includes('-workers/_doc/');

  async function started(workerId: string): Promise<Worker> {
    const { settings } = loadSettings('connector-worker', {
      LOCKSTEP_ELASTICSEARCH_URL: proxy.url,
      LOCKSTEP_INDEX_PREFIX: context.prefix,
      LOCKSTEP_PRIVATE_KEYS_DIR: join(folder, 'private'),
      LOCKSTEP_WORKER_ID: workerId,
    });
    const worker = new Worker(settings, createLogger('silent', 'connector-worker'));
    await worker.start();
    return worker;
  }

  it('leaves no heartbeat behind whose answer was lost', async () => {
    const workerId = uniqueName('wrk');
    const documents = new DocumentStore(context.client, stateAlias(context.prefix, 'workers'));
    proxy.refuseRequests((seen) => (isBeat(seen) ? 'dropAnswer' : undefined));
    const worker = await started(workerId);
    await eventually(async () => (await documents.get(workerId)) !== undefined, { timeoutMs: 20_000 });
    await worker.stop();
    expect(await documents.get(workerId)).toBeUndefined();
  });

  it('does not wait for an Elasticsearch that does not answer', async () => {
    const before = proxy.requests.length;
    proxy.refuseRequests(() => 'swallowAnswer');
    const worker = await started(uniqueName('wrk'));
    await eventually(() => proxy.requests.length > before, { timeoutMs: 20_000 });
    await worker.stop();
  });
});
