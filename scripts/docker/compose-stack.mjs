import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.mjs';
import { freePort } from '../stack/processes.mjs';
import { runCommand } from '../stack/run-command.mjs';
import { mustRun } from './engine-packages.mjs';

const PROJECT = 'lockstep-test';
const IMAGE_TAG = 'test';
const IMAGES = ['admin-api', 'connector-worker', 'tools'].map((name) => `lockstep-${name}:${IMAGE_TAG}`);

/** Elasticsearch can be asked from this machine. @param {number} port */
const published = (port) => `
services:
  elasticsearch:
    ports: ['127.0.0.1:${port}:9200']
    networks: [default, backend]
`;

const BUILT_SERVICES = ['admin-api', 'connector-worker', 'keys', 'token', 'replica-set', 'sample'];
/** Builds on an engine without a bridge reach the registry of npm packages as this machine does. */
const HOST_BUILDS = BUILT_SERVICES.map((service) => `  ${service}: { build: { network: host } }\n`).join('');

/** The stack of docker/compose.yaml under a project name of its own, on free ports. */
export class ComposeStack {
  #engine;
  #files = /** @type {readonly string[]} */ ([]);
  #env = /** @type {NodeJS.ProcessEnv} */ ({});

  /** @param {import('./engine.mjs').Engine} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Aborted when the run was told to stop. */
  get signal() {
    return this.#engine.signal;
  }

  /** @param {string} folder for files of this run @param {number} sampleSize */
  async prepare(folder, sampleSize) {
    this.apiPort = await freePort();
    this.elasticsearchPort = await freePort();
    const text = await readFile(join(REPOSITORY, 'docker/compose.yaml'), 'utf8');
    const main = join(folder, 'compose.yaml');
    const override = join(folder, 'override.yaml');
    // Compose 1.29 knows everything in the file but its `name`.
    await writeFile(main, text.replace(/^name: .*$/m, ''));
    await writeFile(override, published(this.elasticsearchPort) + (this.#engine.isPrivate ? HOST_BUILDS : ''));
    // A docker/.env of this checkout is not part of the test.
    await writeFile(join(folder, 'no-settings.env'), '');
    this.#files = ['--env-file', join(folder, 'no-settings.env'), '-f', main, '-f', override];
    this.#env = {
      ...this.#engine.env,
      IMAGE_TAG,
      LOCKSTEP_API_PORT: String(this.apiPort),
      SIZE: String(sampleSize),
      ELASTICSEARCH_HEAP: '512m',
      ELASTICSEARCH_MEMORY: '1g',
      MONGODB_CACHE_GB: '0.5',
    };
  }

  #arguments(args) {
    const [, ...rest] = this.#engine.compose;
    const project = ['--project-directory', join(REPOSITORY, 'docker'), '-p', PROJECT];
    return [...rest, ...project, '--profile', 'sample', ...this.#files, ...args];
  }

  /** @param {...string} args @returns {Promise<string>} what compose printed */
  compose(...args) {
    return mustRun(this.#engine.compose[0], this.#arguments(args), { env: this.#env, signal: this.signal });
  }

  /** @param {...string} args @returns {Promise<string>} */
  docker(...args) {
    return mustRun('docker', args, { env: this.#env });
  }

  /** Runs JavaScript with the MongoDB driver on the internal network. @param {string} statements `db` is there */
  async mongo(database, statements) {
    const program = `
      import { MongoClient } from 'mongodb';
      const client = new MongoClient(process.env.LOCKSTEP_MONGODB_URL);
      const db = client.db('${database}');
      ${statements}
      await client.close();`;
    await this.compose('run', '--rm', '-T', 'sample', '--input-type=module', '-e', program);
  }

  /** What `docker inspect` says about the containers of a service. @param {string} service @returns {Promise<any[]>} */
  async inspect(service) {
    const ids = (await this.compose('ps', '-q', service)).trim().split('\n').filter(Boolean);
    return JSON.parse(await this.docker('inspect', ...ids));
  }

  /** The end of every service's log, for a run that failed. */
  async logs() {
    const args = this.#arguments(['logs', '--no-color', '--tail=15']);
    const { stdout, stderr } = await runCommand(this.#engine.compose[0], args, { env: this.#env });
    return `${stdout}${stderr}`;
  }

  /** Removes containers, volumes, networks and the images that were built. @returns {Promise<string[]>} what is left */
  async remove() {
    const down = this.#arguments(['down', '-v', '--remove-orphans']);
    await mustRun(this.#engine.compose[0], down, { env: this.#env });
    await runCommand('docker', ['rmi', ...IMAGES], { env: this.#env });
    const filter = ['--filter', `label=com.docker.compose.project=${PROJECT}`, '-q'];
    const left = [
      await this.docker('ps', '-a', ...filter),
      await this.docker('volume', 'ls', ...filter),
      await this.docker('network', 'ls', ...filter),
    ];
    return left.flatMap((text) => text.trim().split('\n')).filter(Boolean);
  }
}
