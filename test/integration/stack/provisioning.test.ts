import { execFile, type ExecFileException } from 'node:child_process';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MongoClient } from 'mongodb';
import { freePort, httpJson } from '@lockstep/testing';

jest.setTimeout(300_000);

const CLI = resolve(__dirname, '../../../scripts/stack/cli.mjs');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function stack(command: string, env: Record<string, string>): Promise<Outcome> {
  const ownEnvironment = { ...process.env, LOCKSTEP_MONGODB_URL: '', LOCKSTEP_ELASTICSEARCH_URL: '', ...env };
  return new Promise((done) => {
    execFile(
      process.execPath,
      [CLI, command],
      { env: ownEnvironment },
      (error: ExecFileException | null, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      },
    );
  });
}

describe('the local stack', () => {
  let folder: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lockstep-provisioning-'));
    // Passable by the user who runs Elasticsearch when this runs as root; else files would go below /var/tmp.
    await chmod(folder, 0o755);
    env = {
      LOCKSTEP_STACK_DIR: join(folder, 'stack'),
      LOCKSTEP_STACK_MONGODB_PORT: String(await freePort()),
      LOCKSTEP_STACK_ELASTICSEARCH_PORT: String(await freePort()),
    };
  });

  afterAll(async () => {
    await stack('clean', env);
    await rm(folder, { recursive: true, force: true });
  });

  it('is provisioned once by two runs at the same time, and not again by a third', async () => {
    const [first, second] = await Promise.all([stack('provision', env), stack('provision', env)]);
    expect(first).toMatchObject({ code: 0 });
    expect(second).toMatchObject({ code: 0, stdout: first.stdout });
    const downloads = (text: string) => text.match(/• downloading/g)?.length ?? 0;
    expect(downloads(first.stderr) + downloads(second.stderr)).toBe(2);
    const everything = await readdir(folder, { recursive: true });
    expect(everything.filter((name) => name.endsWith('.part') || name.endsWith('lock'))).toEqual([]);

    const third = await stack('provision', env);
    expect(third).toEqual({ code: 0, stdout: first.stdout, stderr: '' });
  });

  it('starts once, keeps its data over a stop, and is wiped by clean', async () => {
    const started = await stack('start', env);
    expect(started).toMatchObject({ code: 0 });
    const mongodbUrl = `mongodb://127.0.0.1:${env.LOCKSTEP_STACK_MONGODB_PORT}/?replicaSet=rs0`;
    const elasticsearchUrl = `http://127.0.0.1:${env.LOCKSTEP_STACK_ELASTICSEARCH_PORT}`;
    await withItems(mongodbUrl, (items) => items.insertOne({ kept: true }));
    expect((await httpJson(`${elasticsearchUrl}/kept/_doc/1?refresh=true`, { method: 'PUT', body: {} })).status).toBe(
      201,
    );

    const again = await stack('start', env);
    expect(again.code).toBe(0);
    expect(again.stderr).not.toContain('started');

    expect(await stack('stop', env)).toMatchObject({ code: 0, stderr: expect.stringContaining('stopped') });
    expect((await stack('stop', env)).stderr).toContain('nothing of the local stack was running');
    expect((await stack('start', env)).code).toBe(0);
    expect(await withItems(mongodbUrl, (items) => items.countDocuments({ kept: true }))).toBe(1);
    expect((await httpJson(`${elasticsearchUrl}/kept/_doc/1`)).status).toBe(200);

    expect((await stack('clean', env)).code).toBe(0);
    expect(await readdir(join(folder, 'stack', 'data'))).toEqual([]);
  });

  it('names a port that is taken, and how to move it, in one line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      const outcome = await stack('start', {
        ...env,
        LOCKSTEP_STACK_MONGODB_PORT: String(port),
        // The other server is out of the question here, so that this stays quick.
        LOCKSTEP_ELASTICSEARCH_URL: 'http://127.0.0.1:1',
      });
      expect(outcome.code).toBe(1);
      expect(outcome.stderr.trim().split('\n')).toEqual([
        expect.stringMatching(/^error: port \d+, meant for MongoDB, is taken .* set LOCKSTEP_STACK_MONGODB_PORT/),
      ]);
    } finally {
      other.close();
    }
  });

  it('takes over the lock of a run that was killed', async () => {
    await writeFile(join(folder, 'stack', 'lock'), '2147483646');
    expect((await stack('provision', env)).code).toBe(0);
  });
});

async function withItems<T>(
  url: string,
  work: (items: ReturnType<ReturnType<MongoClient['db']>['collection']>) => Promise<T>,
) {
  const client = new MongoClient(url);
  try {
    return await work(client.db('kept').collection('items'));
  } finally {
    await client.close();
  }
}
