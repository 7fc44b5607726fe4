import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STATE_INDICES } from '@lockstep/elastic';
import { generateKeyPair } from '@lockstep/sealed-secrets';
import { eventually } from '../eventually.js';
import { httpJson, type HttpJsonAnswer } from '../http-json.js';
import { freePort } from '../ports.js';
import { uniqueName } from '../unique-name.js';
import { ServiceProcess } from './service-process.js';

export interface LockstepInstanceOptions {
  readonly elasticsearchUrl: string;
  /** Variables on top of the defaults, for both services. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A connector as the API shows it; tests look at what they need. */
export interface ShownConnector {
  readonly id: string;
  readonly observedState: string;
  readonly desiredState: string;
  readonly conditions: readonly {
    readonly code: string;
    readonly reason: string;
    readonly message: string;
    readonly since: string;
  }[];
}

/** A job as the API shows it. */
export interface ShownJob {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly requestedBy: string;
  readonly mode: string | null;
  readonly progress: {
    readonly phase: string;
    readonly done: number;
    readonly total: number | null;
    readonly lagMs: number | null;
  };
  readonly counters: Readonly<Record<string, number>>;
  readonly condition: { readonly code: string; readonly message: string } | null;
  readonly heldCollections: readonly string[];
  readonly confirmedCollections: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** The whole service, built and running as processes: one admin API and any number of workers. */
export class LockstepInstance {
  readonly prefix = uniqueName('lockstep');
  readonly workers: ServiceProcess[] = [];
  api!: ServiceProcess;
  private folder = '';

  constructor(private readonly options: LockstepInstanceOptions) {}

  get publicKeysDir(): string {
    return join(this.folder, 'public');
  }

  async start(workers = 1): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'lockstep-test-'));
    await generateKeyPair(join(this.folder, 'private'), this.publicKeysDir, { force: false });
    const port = await freePort();
    this.api = new ServiceProcess({
      app: 'admin-api',
      port,
      env: { ...this.commonEnv(), LOCKSTEP_API_PORT: String(port), LOCKSTEP_PUBLIC_KEYS_DIR: this.publicKeysDir },
    });
    await this.api.start();
    for (let i = 0; i < workers; i += 1) await this.startWorker();
  }

  async startWorker(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const worker = await this.launchWorker(env);
    await worker.untilReady();
    return worker;
  }

  /** Starts a worker without waiting for it to be ready. */
  async launchWorker(env: Readonly<Record<string, string>> = {}): Promise<ServiceProcess> {
    const port = await freePort();
    const worker = new ServiceProcess({
      app: 'connector-worker',
      port,
      env: {
        ...this.commonEnv(),
        LOCKSTEP_WORKER_PORT: String(port),
        LOCKSTEP_PRIVATE_KEYS_DIR: join(this.folder, 'private'),
        ...env,
      },
    });
    this.workers.push(worker);
    worker.launch();
    return worker;
  }

  /** Stops everything and removes the state indices and keys. */
  async stop(): Promise<void> {
    await Promise.all([...this.workers, this.api].map((service) => service.stop()));
    for (const { name } of STATE_INDICES) {
      await httpJson(`${this.options.elasticsearchUrl}/${this.prefix}-${name}-v1`, { method: 'DELETE' });
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * One call of the API; any status is an answer. Lists of the API may be a second old; a test that reads one wants
   * to know what is, so the state indices are refreshed first.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
  async call(method: string, path: string, body?: unknown): Promise<HttpJsonAnswer<any>> {
    if (method === 'GET') await this.refreshState(path);
    return httpJson(`${this.api.url}${path}`, { method, ...(body === undefined ? {} : { body }) });
  }

  /** @throws Error with the problem when the API refuses it */
  async createConnector(definition: Readonly<Record<string, unknown>>): Promise<string> {
    const answer = await this.call('POST', '/api/v1/connectors', definition);
    if (answer.status !== 201) throw new Error(`creating a connector: ${JSON.stringify(answer.body)}`);
    return answer.body.id as string;
  }

  /** @returns the id of the job that carries the action, where there is one */
  async act(connectorId: string, action: string, body?: unknown): Promise<string | undefined> {
    const answer = await this.call('POST', `/api/v1/connectors/${connectorId}/actions/${action}`, body);
    if (answer.status !== 202) throw new Error(`${action}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.headers.location?.split('/').at(-1);
  }

  async connector(id: string): Promise<ShownConnector> {
    return (await this.call('GET', `/api/v1/connectors/${id}`)).body as ShownConnector;
  }

  async job(id: string): Promise<ShownJob> {
    // Read by its id, and so never old.
    return (await httpJson(`${this.api.url}/api/v1/jobs/${id}`)).body as ShownJob;
  }

  async jobs(connectorId: string, type?: string): Promise<readonly ShownJob[]> {
    const filter = type === undefined ? '' : `&type=${type}`;
    return (await this.call('GET', `/api/v1/jobs?connectorId=${connectorId}${filter}`)).body.items as ShownJob[];
  }

  /** Creates and starts a connector and waits until its stream sync runs. */
  async sync(definition: Readonly<Record<string, unknown>>): Promise<string> {
    const id = await this.createConnector(definition);
    await this.act(id, 'start');
    await this.untilStreaming(id);
    return id;
  }

  async untilStreaming(connectorId: string, timeoutMs = 60_000): Promise<void> {
    await eventually(
      async () => {
        const [stream] = await this.jobs(connectorId, 'stream_sync');
        const { observedState, conditions } = await this.connector(connectorId);
        if (stream?.state === 'running' && observedState === 'streaming') return true;
        throw new Error(`${observedState} ${JSON.stringify(conditions)} stream ${stream?.state ?? 'none'}`);
      },
      { timeoutMs, what: 'the stream sync to run' },
    );
  }

  /** Does nothing where Elasticsearch is out of reach: that is what such a test is about. */
  private async refreshState(path: string): Promise<void> {
    const read = path.startsWith('/api/v1/jobs') ? 'jobs' : '*';
    const url = `${this.options.elasticsearchUrl}/${this.prefix}-${read}/_refresh`;
    await httpJson(url, { method: 'POST', timeoutMs: 2_000 }).catch(() => undefined);
  }

  private commonEnv(): Record<string, string> {
    return {
      LOCKSTEP_ELASTICSEARCH_URL: this.options.elasticsearchUrl,
      LOCKSTEP_INDEX_PREFIX: this.prefix,
      LOCKSTEP_LOG_LEVEL: 'info',
      ...this.options.env,
    };
  }
}
