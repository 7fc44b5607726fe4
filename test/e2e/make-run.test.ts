import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { eventually, freePort, httpJson, testServers, uniqueName } from '@lockstep/testing';

const { mongodbUrl, elasticsearchUrl } = testServers();

/** A make target that runs until it is told to stop; a group of its own, so that Ctrl-C reaches all of it. */
class Target {
  output = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;

  constructor(name: string, env: NodeJS.ProcessEnv) {
    this.child = spawn('make', [name], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.ended = new Promise((resolve) => this.child.on('exit', (code) => resolve(code)));
  }

  async pressControlC(): Promise<void> {
    if (this.child.exitCode === null) process.kill(-this.child.pid!, 'SIGINT');
    await this.ended;
  }
}

describe('the commands of the README', () => {
  let folder = '';
  let env: NodeJS.ProcessEnv = {};
  let run: Target;
  const client = new MongoClient(mongodbUrl);

  beforeAll(async () => {
    await client.connect();
    folder = await mkdtemp(join(tmpdir(), 'lockstep-make-'));
    env = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LOCKSTEP_MONGODB_URL: mongodbUrl,
      LOCKSTEP_ELASTICSEARCH_URL: elasticsearchUrl,
      LOCKSTEP_INDEX_PREFIX: uniqueName('make'),
      LOCKSTEP_API_PORT: String(await freePort()),
      LOCKSTEP_WORKER_PORT: String(await freePort()),
      LOCKSTEP_PUBLIC_KEYS_DIR: join(folder, 'public'),
      LOCKSTEP_PRIVATE_KEYS_DIR: join(folder, 'private'),
      SIZE: '2000',
    };
    expect(spawnSync('make', ['gen-certs'], { env, encoding: 'utf8' })).toMatchObject({ status: 0 });
    run = new Target('run', env);
    await eventually(() => /^lockstep ready http:\S+$/m.test(run.output) || run.output.includes('error:'), {
      timeoutMs: 240_000,
      what: 'make run to be ready',
    });
  }, 300_000);

  afterAll(async () => {
    await run.pressControlC();
    for (const database of ['shop', 'samples']) await client.db(database).dropDatabase();
    await client.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  const api = (path: string): string => `http://127.0.0.1:${env.LOCKSTEP_API_PORT}${path}`;

  it('make run brings everything up and syncs the sample', async () => {
    expect(run.output).toMatch(new RegExp(`^lockstep ready ${api('/')}$`, 'm'));
    expect(await (await fetch(api('/'))).text()).toContain('Lockstep');
    const { insertedId } = await client.db('shop').collection('orders').insertOne({ probe: true });
    const arrived = `${elasticsearchUrl}/shop-orders/_doc/${insertedId.toHexString()}`;
    await eventually(async () => (await httpJson(arrived)).status === 200, { timeoutMs: 20_000 });
  }, 60_000);

  it('make run a second time says that it runs already', () => {
    const again = spawnSync('make', ['run'], { env, encoding: 'utf8' });
    expect(again.status).toBe(0);
    expect(again.stdout + again.stderr).toContain('already runs');
  }, 60_000);

  it('make mongo-writes changes documents and ends by itself when told to', () => {
    const writes = spawnSync('make', ['mongo-writes'], {
      env: { ...env, RATE: '50', SECONDS_TO_RUN: '3' },
      encoding: 'utf8',
    });
    expect(writes.status).toBe(0);
    expect(writes.stdout).toMatch(/inserted [1-9]\d* · updated [1-9]/);
  }, 60_000);

  it('make populate-mongo leaves data alone that is there', () => {
    const populate = spawnSync('make', ['populate-mongo'], { env, encoding: 'utf8' });
    expect(populate).toMatchObject({ status: 0 });
    expect(populate.stdout).toContain('is there already');
  }, 60_000);

  it('make seal seals what it reads', () => {
    const sealed = spawnSync('make', ['--silent', 'seal'], { env, encoding: 'utf8', input: 'mongodb://u:p@h/' });
    expect(sealed.status).toBe(0);
    expect(sealed.stdout.trim().split('.')).toHaveLength(5);
  }, 60_000);

  it('make run-connector adds a worker', async () => {
    const worker = new Target('run-connector', { ...env, LOCKSTEP_WORKER_PORT: String(await freePort()) });
    const alive = async (): Promise<number> => {
      const { items } = (await httpJson(api('/api/v1/workers'))).body as { items: { isAlive: boolean }[] };
      return items.filter(({ isAlive }) => isAlive).length;
    };
    await eventually(async () => (await alive()) === 2, { timeoutMs: 60_000, what: 'two workers' });
    await worker.pressControlC();
    await eventually(async () => (await alive()) === 1, { timeoutMs: 30_000, what: 'one worker' });
  }, 120_000);

  it('every make target of the README is there, and every page it links to', async () => {
    const readme = await readFile('README.md', 'utf8');
    const help = spawnSync('make', ['help'], { env, encoding: 'utf8' }).stdout;
    for (const [, target] of readme.matchAll(/\bmake (?:--silent )?([a-z-]+)/g))
      expect(help).toContain(` make ${target!}`);
    for (const [, page] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
      await expect(
        readFile(page!).then(
          () => page,
          () => readFile(join(page!, '0001-states-not-events.md')),
        ),
      ).resolves.toBeDefined();
    }
  });
});
