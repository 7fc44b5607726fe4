import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PublicKeyRing, SecretOpener, SecretSealer } from '@lockstep/sealed-secrets';

const ROOT = resolve(__dirname, '../../..');
const VALUE = 'mongodb://reader:pä55"wörd@db1/';
const context = { purpose: 'config', subject: 'mongo.uri' };
const execute = promisify(execFile);

jest.setTimeout(30_000);

/** Runs what docs/secrets.md shows, and the scripts that it names, and opens what they make. */
describe('docs/secrets.md', () => {
  let root: string;
  let page: string;
  let server: Server;
  let url: string;
  let env: NodeJS.ProcessEnv;
  let sealer: SecretSealer;
  let opener: SecretOpener;
  let kid: string;

  const script = (name: string, extra: NodeJS.ProcessEnv = {}): Promise<{ stdout: string }> =>
    execute(process.execPath, [join(ROOT, 'scripts/keys', name)], { env: { ...env, ...extra } });

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lockstep-secrets-'));
    page = await readFile(join(ROOT, 'docs/secrets.md'), 'utf8');
    env = {
      PATH: process.env.PATH,
      LOCKSTEP_PRIVATE_KEYS_DIR: join(root, 'private'),
      LOCKSTEP_PUBLIC_KEYS_DIR: join(root, 'public'),
    };
    kid = /made kid (\S+)/.exec((await script('gen-certs.mjs')).stdout)?.[1] ?? '';
    const ring = await PublicKeyRing.load(join(root, 'public'));
    sealer = new SecretSealer(ring);
    opener = await SecretOpener.load(join(root, 'private'));
    server = createServer((request, response) => {
      response.end(request.url === '/public_key' ? ring.current.pem : JSON.stringify(ring.jwks()));
    }).listen(0, '127.0.0.1');
    await new Promise((done) => server.once('listening', done));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await rm(root, { recursive: true });
  });

  function example(name: string): string {
    const code = new RegExp(`<!-- example: ${name} -->\\s+\`\`\`\\w+\\n(.*?)\`\`\``, 's').exec(page)?.[1];
    if (code === undefined) throw new Error(`the page has no example ${name}`);
    return code;
  }
  const opened = async (jwe: string): Promise<string> =>
    opener.open((await sealer.wrap(jwe.trim(), context)).jwe, context);

  it.each(['jose', 'node'])('has an example with %s that seals', async (name) => {
    const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', example(name)], {
      cwd: ROOT,
      env: { ...env, LOCKSTEP: url, VALUE },
    });
    expect(await opened(stdout)).toBe(VALUE);
  });

  it('has an example with openssl that makes keys', async () => {
    const dir = await mkdtemp(join(root, 'openssl-'));
    await execute('bash', ['-euc', example('openssl')], { cwd: dir });
    const made = await PublicKeyRing.load(join(dir, 'public'));
    const { jwe } = await new SecretSealer(made).seal(VALUE, context);
    expect(await (await SecretOpener.load(join(dir, 'private'))).open(jwe, context)).toBe(VALUE);
  });

  it.each<[string, (base: string) => NodeJS.ProcessEnv]>([
    ['the local public folder', () => ({})],
    ['a file', () => ({ KEY: join(root, 'public', `${kid}.pem`) })],
    ['the API', (base) => ({ KEY: base })],
    ['a place to be bound to', () => ({ PURPOSE: context.purpose, SUBJECT: context.subject })],
  ])('seals by make seal with %s', async (_what, extra) => {
    expect(await opened((await script('seal.mjs', { VALUE, ...extra(url) })).stdout)).toBe(VALUE);
  });

  it('seals standard input without its last line break', async () => {
    const running = execute(process.execPath, [join(ROOT, 'scripts/keys/seal.mjs')], { env });
    running.child.stdin?.end(`${VALUE}\n`);
    expect(await opened((await running).stdout)).toBe(VALUE);
  });

  it('binds what make seal makes', async () => {
    const { stdout } = await script('seal.mjs', { VALUE, PURPOSE: 'config', SUBJECT: 'other' });
    await expect(opened(stdout)).rejects.toMatchObject({ code: 'SECRET_MALFORMED' });
  });

  it.each<[string, NodeJS.ProcessEnv]>([
    ['nothing to seal', {}],
    ['a key that is not there', { VALUE, KEY: '/does/not/exist' }],
    ['half a place', { VALUE, PURPOSE: 'config' }],
  ])('refuses %s and prints no JWE', async (_what, extra) => {
    const running = execute(process.execPath, [join(ROOT, 'scripts/keys/seal.mjs')], { env: { ...env, ...extra } });
    running.child.stdin?.end();
    await expect(running).rejects.toMatchObject({ code: 1, stdout: '' });
  });

  it('makes keys once, and a second pair only when it is forced; the first goes on opening', async () => {
    expect((await stat(join(root, 'private', `${kid}.pem`))).mode & 0o777).toBe(0o600);
    const { jwe } = await sealer.seal(VALUE, context);
    expect((await script('gen-certs.mjs')).stdout).toContain(`there are keys already; kid ${kid}`);
    expect(await readdir(join(root, 'private'))).toEqual([`${kid}.pem`]);
    const forced = /made kid (\S+)/.exec((await script('gen-certs.mjs', { FORCE: '1' })).stdout)?.[1];
    expect(forced).not.toBe(kid);
    expect((await PublicKeyRing.load(join(root, 'public'))).keys.map((key) => key.kid)).toEqual([forced, kid]);
    expect(await (await SecretOpener.load(join(root, 'private'))).open(jwe, context)).toBe(VALUE);
  });
});
