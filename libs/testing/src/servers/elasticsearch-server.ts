import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  endProcess,
  freePort,
  guardedFolder,
  launchElasticsearch,
  provisionCompleteElasticsearch,
  provisionElasticsearch,
  type ElasticsearchLaunch,
  type GuardedFolder,
} from '../../../../scripts/stack/index.mjs';
import { eventually } from '../eventually.js';
import { httpJson, type HttpJsonAnswer, type HttpJsonOptions } from '../http-json.js';
import { selfSignedCertificate } from './self-signed-certificate.js';

export interface ElasticsearchOptions {
  /** TLS on HTTP, users, roles and API keys; includes `GET /`. @defaultValue false */
  readonly security?: boolean;
  /** The greeting at `GET /`, which the slim distribution lacks. @defaultValue as `security` */
  readonly greeting?: boolean;
  /** 8.19.9 or 9.2.4. @defaultValue what the run is for (LOCKSTEP_TEST_ELASTICSEARCH_VERSION), else 8.19.9 */
  readonly version?: string;
  /** MiB. @defaultValue 512 */
  readonly heapMb?: number;
  /** Of the node. @defaultValue lockstep-1 */
  readonly name?: string;
  /** For other nodes. @defaultValue a free one */
  readonly transportPort?: number;
  /** On top of the defaults of `elasticsearch.yml`. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** How to reach a server with security. */
export interface ElasticsearchAccess {
  readonly ca: string;
  readonly username: 'elastic';
  readonly password: string;
}

/** An API key as the server made it. */
export interface ApiKey {
  readonly id: string;
  /** What goes behind `ApiKey ` in the Authorization header. */
  readonly encoded: string;
}

/** An Elasticsearch node of a test's own. `await using server = await startElasticsearch({ security: true })`. */
export class ElasticsearchServer implements AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Of the node. */
  readonly name: string;
  /** Present with security. */
  readonly access: ElasticsearchAccess | null;
  readonly #launch: ElasticsearchLaunch;
  readonly #folder: GuardedFolder;
  #pid: number | null = null;

  constructor(launch: ElasticsearchLaunch, folder: GuardedFolder, access: ElasticsearchAccess | null) {
    this.url = `${access === null ? 'http' : 'https'}://127.0.0.1:${launch.port}`;
    this.port = launch.port;
    this.name = String(launch.settings?.['node.name'] ?? 'lockstep-1');
    this.access = access;
    this.#launch = launch;
    this.#folder = folder;
  }

  get isUp(): boolean {
    return this.#pid !== null;
  }

  /** Starts it, on the data that it has; does nothing while it runs. */
  async start(): Promise<void> {
    if (this.#pid !== null) return;
    this.#pid = await launchElasticsearch(this.#launch);
    await eventually(
      async () => (await this.request('/_cluster/health?wait_for_status=yellow&timeout=30s')).status === 200,
      {
        timeoutMs: 60_000,
        what: 'a healthy Elasticsearch',
      },
    );
  }

  /** Ends it by SIGKILL; `start` brings it back with its data. */
  async kill(): Promise<void> {
    if (this.#pid !== null) await endProcess(this.#pid, { signal: 'SIGKILL' });
    this.#pid = null;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Freezes it: connections stay open and nothing answers. */
  freeze(): void {
    if (this.#pid !== null) process.kill(this.#pid, 'SIGSTOP');
  }

  thaw(): void {
    if (this.#pid !== null) process.kill(this.#pid, 'SIGCONT');
  }

  /** Asks as the superuser, unless the options carry an Authorization header. */
  request(path: string, options: HttpJsonOptions = {}): Promise<HttpJsonAnswer<Record<string, unknown>>> {
    if (this.access === null) return httpJson(`${this.url}${path}`, options);
    const { ca, username, password } = this.access;
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return httpJson(`${this.url}${path}`, { ca, ...options, headers: { authorization, ...options.headers } });
  }

  /**
   * @param roleDescriptors as `POST /_security/api_key` takes them; empty = all rights of the superuser
   * @param expiration such as `1h`
   */
  async createApiKey(name: string, roleDescriptors: object = {}, expiration?: string): Promise<ApiKey> {
    const body = { name, role_descriptors: roleDescriptors, ...(expiration === undefined ? {} : { expiration }) };
    const { id, encoded } = await this.#mustSucceed('POST', '/_security/api_key', body);
    return { id: String(id), encoded: String(encoded) };
  }

  async revokeApiKey(id: string): Promise<void> {
    await this.#mustSucceed('DELETE', '/_security/api_key', { ids: [id] });
  }

  /** Creates a role and a user of the same name that has it. */
  async createUser(name: string, password: string, role: object): Promise<void> {
    await this.#mustSucceed('PUT', `/_security/role/${name}`, role);
    await this.#mustSucceed('PUT', `/_security/user/${name}`, { password, roles: [name] });
  }

  async stop(): Promise<void> {
    this.thaw();
    await this.kill();
    await this.#folder.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #mustSucceed(method: string, path: string, body: object): Promise<Record<string, unknown>> {
    const answer = await this.request(path, { method, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

function secureParts(): Pick<ElasticsearchLaunch, 'settings' | 'files' | 'bootstrapPassword'> {
  const { key, certificate } = selfSignedCertificate();
  return {
    bootstrapPassword: randomBytes(12).toString('hex'),
    files: { 'http.key': key, 'http.crt': certificate },
    settings: {
      'xpack.security.enabled': true,
      'xpack.security.http.ssl.enabled': true,
      'xpack.security.http.ssl.key': 'http.key',
      'xpack.security.http.ssl.certificate': 'http.crt',
    },
  };
}

/** Starts a node with its own data on a free port; it ends with this process at the latest. */
export async function startElasticsearch(options: ElasticsearchOptions = {}): Promise<ElasticsearchServer> {
  const isSecure = options.security === true;
  const version = options.version ?? process.env.LOCKSTEP_TEST_ELASTICSEARCH_VERSION;
  const release = version ? { version } : {};
  const installed = await ((options.greeting ?? isSecure)
    ? provisionCompleteElasticsearch(release)
    : provisionElasticsearch(release));
  const folder = await guardedFolder('elasticsearch');
  const nodeFolder = join(folder.path, 'node');
  await mkdir(nodeFolder);
  const secure = isSecure ? secureParts() : {};
  const launch: ElasticsearchLaunch = {
    ...installed,
    ...secure,
    folder: nodeFolder,
    port: await freePort(),
    transportPort: options.transportPort ?? (await freePort()),
    heapMb: options.heapMb ?? 512,
    isShortLived: true,
    settings: {
      ...secure.settings,
      ...(options.name === undefined ? {} : { 'node.name': options.name }),
      ...options.settings,
    },
  };
  const access =
    launch.bootstrapPassword === undefined
      ? null
      : { ca: launch.files!['http.crt']!, username: 'elastic' as const, password: launch.bootstrapPassword };
  const server = new ElasticsearchServer(launch, folder, access);
  try {
    await server.start();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}
