import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { LockstepError } from '@lockstep/core';
import { loadSettings, SETTINGS_CATALOGUE, type AppName } from './index.js';

const URL_9200 = 'http://127.0.0.1:9200';
const api = { LOCKSTEP_ELASTICSEARCH_URL: URL_9200, LOCKSTEP_PUBLIC_KEYS_DIR: '/keys/public' };
const worker = { LOCKSTEP_ELASTICSEARCH_URL: URL_9200, LOCKSTEP_PRIVATE_KEYS_DIR: '/keys/private' };
const TOKEN = 'a-token-of-enough-length';

function failure(app: AppName, env: NodeJS.ProcessEnv): string {
  try {
    loadSettings(app, env);
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'SETTINGS_INVALID') return error.message;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('loadSettings', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'lockstep-settings-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));
  const file = (name: string, text: string, mode = 0o600): string => {
    const path = join(dir, name);
    writeFileSync(path, text, { mode });
    return path;
  };

  it('fills the documented defaults', () => {
    const { settings, warnings } = loadSettings('connector-worker', worker);
    expect(settings).toMatchObject({
      elasticsearch: { url: URL_9200 },
      indexPrefix: 'lockstep',
      logLevel: 'info',
      leaseTtlMs: 10_000,
      api: { host: '127.0.0.1', port: 9292 },
      worker: {
        host: '127.0.0.1',
        port: 9293,
        heartbeatIntervalMs: 3_000,
        pollIntervalMs: 1_000,
        shutdownGraceMs: 20_000,
        scanTurnMs: 5_000,
        historyRetentionMs: 2_592_000_000,
        generationRetentionMs: 604_800_000,
        streamStallMs: 30_000,
        quarantineAfter: 5,
        quarantineTrialMs: 60_000,
        elasticsearchTimeoutMs: 60_000,
      },
      privateKeysDir: '/keys/private',
    });
    expect(settings).not.toHaveProperty('publicKeysDir');
    expect(warnings).toEqual([]);
  });

  it('freezes every level', () => {
    const { settings } = loadSettings('admin-api', api);
    for (const level of [settings, settings.api, settings.worker, settings.elasticsearch]) {
      expect(Object.isFrozen(level)).toBe(true);
    }
  });

  it.each<[AppName, string]>([
    ['admin-api', 'LOCKSTEP_PUBLIC_KEYS_DIR'],
    ['connector-worker', 'LOCKSTEP_PRIVATE_KEYS_DIR'],
  ])('%s needs the URL and %s, and says so at once', (app, keys) => {
    const message = failure(app, {});
    expect(message).toContain('LOCKSTEP_ELASTICSEARCH_URL is missing');
    expect(message).toContain(`${keys} is missing`);
  });

  it.each([
    ['LOCKSTEP_API_PROT', 'LOCKSTEP_API_PORT'],
    ['LOCKSTEP_ELASTICSEARCH_UR', 'LOCKSTEP_ELASTICSEARCH_URL'],
    ['LOCKSTEP_LOGLEVEL', 'LOCKSTEP_LOG_LEVEL'],
    ['LOCKSTEP_PRIVATE_KEY_DIR', 'LOCKSTEP_PRIVATE_KEYS_DIR'],
    ['LOCKSTEP_LOG_LEVEL_FILE', 'LOCKSTEP_LOG_LEVEL'],
    ['LOCKSTEP_ELASTICSEARCH_PASWORD_FILE', 'LOCKSTEP_ELASTICSEARCH_PASSWORD_FILE'],
  ])('refuses %s and suggests %s', (wrong, right) => {
    expect(failure('admin-api', { ...api, [wrong]: 'x' })).toContain(`${wrong} is not known; did you mean ${right}?`);
  });

  it('refuses an unknown name that is near nothing, without a suggestion', () => {
    expect(failure('admin-api', { ...api, LOCKSTEP_ZZZZZZZZZZZZ: 'x' })).toMatch(
      /LOCKSTEP_ZZZZZZZZZZZZ is not known\./,
    );
  });

  it('knows and ignores the names of the other app, of make and of tests, whatever their values', () => {
    const { redacted } = loadSettings('admin-api', {
      ...api,
      ...worker,
      LOCKSTEP_WORKER_PORT: 'not a port',
      LOCKSTEP_MONGODB_URL: 'mongodb://u:p@h/',
      LOCKSTEP_STACK_MONGODB_PORT: '27018',
      LOCKSTEP_STACK_ANYTHING: '1',
      LOCKSTEP_TEST_SEED: '1',
    });
    expect(Object.keys(redacted)).not.toContain('LOCKSTEP_MONGODB_URL');
  });

  it('ignores service links with a warning, also under a known name', () => {
    const { settings, warnings } = loadSettings('admin-api', {
      ...api,
      LOCKSTEP_API_PORT: 'tcp://10.0.0.1:9292',
      LOCKSTEP_PORT_9292_TCP_ADDR: '10.0.0.1',
      LOCKSTEP_SERVICE_HOST: '10.0.0.1',
    });
    expect(settings.api.port).toBe(9292);
    expect(warnings).toHaveLength(3);
  });

  it.each([
    ['LOCKSTEP_API_PORT', '0'],
    ['LOCKSTEP_API_PORT', '65536'],
    ['LOCKSTEP_API_PORT', '80 '],
    ['LOCKSTEP_API_PORT', '1e3'],
    ['LOCKSTEP_API_HOST', 'http://localhost'],
    ['LOCKSTEP_API_HOST', 'a b'],
    ['LOCKSTEP_LOG_LEVEL', 'verbose'],
    ['LOCKSTEP_INDEX_PREFIX', 'Lockstep'],
    ['LOCKSTEP_INDEX_PREFIX', '_x'],
    ['LOCKSTEP_INDEX_PREFIX', 'a,b'],
    ['LOCKSTEP_INDEX_PREFIX', 'a*'],
    ['LOCKSTEP_ELASTICSEARCH_URL', 'localhost:9200'],
    ['LOCKSTEP_ELASTICSEARCH_URL', 'ftp://localhost'],
    ['LOCKSTEP_ELASTICSEARCH_CA_FILE', '/does/not/exist'],
  ])('refuses %s=%s', (name, value) => {
    expect(failure('admin-api', { ...api, [name]: value })).toContain(name);
  });

  it('refuses credentials in the URL without repeating them', () => {
    const message = failure('admin-api', { ...api, LOCKSTEP_ELASTICSEARCH_URL: 'http://elastic:canary@h:9200' });
    expect(message).toContain('must not hold credentials');
    expect(message).not.toContain('canary');
  });

  it('reports all problems at once, one field each', () => {
    expect.assertions(2);
    try {
      loadSettings('connector-worker', { LOCKSTEP_WORKER_PORT: 'x', LOCKSTEP_LOG_LEVEL: 'x', LOCKSTEP_NOPE_NOPE: 'x' });
    } catch (error) {
      const pointers = (error as LockstepError).fields.map(({ pointer }) => pointer);
      expect(pointers).toHaveLength(5);
      expect(pointers).toContain('/LOCKSTEP_WORKER_PORT');
    }
  });

  it('treats an empty variable as unset', () => {
    expect(
      loadSettings('admin-api', { ...api, LOCKSTEP_API_TOKEN: '', LOCKSTEP_API_PORT: '' }).settings.api,
    ).toMatchObject({
      port: 9292,
    });
  });

  describe('secrets', () => {
    it('come from a file, without its last line break', () => {
      const path = file('token', `${TOKEN}\n`);
      const { settings, warnings, redacted } = loadSettings('admin-api', { ...api, LOCKSTEP_API_TOKEN_FILE: path });
      expect(settings.api.token).toBe(TOKEN);
      expect(warnings).toEqual([]);
      expect(redacted.LOCKSTEP_API_TOKEN).toBe('[redacted]');
    });

    it('lose one line break only', () => {
      const path = file('password', 'pass\r\n\r\n');
      const env = {
        ...worker,
        LOCKSTEP_ELASTICSEARCH_USERNAME: 'u',
        LOCKSTEP_ELASTICSEARCH_PASSWORD_FILE: path,
      };
      expect(loadSettings('connector-worker', env).settings.elasticsearch.password).toBe('pass\r\n');
    });

    it('are refused when given twice, also while the file is missing', () => {
      const env = { ...api, LOCKSTEP_API_TOKEN: TOKEN, LOCKSTEP_API_TOKEN_FILE: '/does/not/exist' };
      expect(failure('admin-api', env)).toContain('LOCKSTEP_API_TOKEN and LOCKSTEP_API_TOKEN_FILE are both set');
    });

    it.each([
      ['missing', (): string => '/does/not/exist'],
      ['a folder', (): string => dir],
      ['empty', (): string => file('empty', '\n')],
    ])('are refused when the file is %s', (_what, path) => {
      expect(failure('admin-api', { ...api, LOCKSTEP_API_TOKEN_FILE: path() })).toContain('LOCKSTEP_API_TOKEN_FILE');
    });

    it('bring a warning when everybody can read the file', () => {
      const path = file('open', TOKEN, 0o644);
      expect(loadSettings('admin-api', { ...api, LOCKSTEP_API_TOKEN_FILE: path }).warnings).toEqual([
        expect.stringContaining('chmod 600'),
      ]);
    });

    it('do not show when settings are printed or serialised by mistake', () => {
      const { settings } = loadSettings('admin-api', {
        ...api,
        LOCKSTEP_API_TOKEN: 'canary-token-0123456789',
        LOCKSTEP_ELASTICSEARCH_API_KEY: 'canary-key',
      });
      expect(settings.elasticsearch.apiKey).toBe('canary-key');
      for (const text of [inspect(settings, { depth: 9 }), JSON.stringify(settings)]) {
        expect(text).not.toContain('canary');
        expect(text).toContain('[redacted]');
      }
    });
  });

  describe('rules across variables', () => {
    it.each([
      [{ LOCKSTEP_API_HOST: '0.0.0.0' }, 'set LOCKSTEP_API_TOKEN'],
      [{ LOCKSTEP_API_HOST: '::' }, 'set LOCKSTEP_API_TOKEN'],
      [{ LOCKSTEP_API_TOKEN: 'short' }, 'at least 16 characters'],
      [{ LOCKSTEP_ELASTICSEARCH_USERNAME: 'u' }, 'belong together'],
      [{ LOCKSTEP_ELASTICSEARCH_PASSWORD: 'p' }, 'belong together'],
      [{ LOCKSTEP_ELASTICSEARCH_API_KEY: 'k', LOCKSTEP_ELASTICSEARCH_USERNAME: 'u' }, 'keep one way'],
    ])('refuses %j', (extra, part) => {
      expect(failure('admin-api', { ...api, ...extra })).toContain(part);
    });

    it.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('serves %s without a token', (host) => {
      expect(loadSettings('admin-api', { ...api, LOCKSTEP_API_HOST: host }).settings.api.host).toBe(host);
    });

    it('serves any address with a token', () => {
      const env = { ...api, LOCKSTEP_API_HOST: '0.0.0.0', LOCKSTEP_API_TOKEN: TOKEN };
      expect(loadSettings('admin-api', env).settings.api.host).toBe('0.0.0.0');
    });

    it.each<[AppName, NodeJS.ProcessEnv]>([
      ['admin-api', api],
      ['connector-worker', worker],
    ])('tells %s how long a heartbeat may stand still', (app, env) => {
      expect(loadSettings(app, { ...env, LOCKSTEP_LEASE_TTL_MS: '60000' }).settings.leaseTtlMs).toBe(60_000);
      expect(failure(app, { ...env, LOCKSTEP_LEASE_TTL_MS: '1' })).toContain('LOCKSTEP_LEASE_TTL_MS');
    });

    it('refuses a heartbeat that is slow for its lease', () => {
      const env = { ...worker, LOCKSTEP_LEASE_TTL_MS: '6000', LOCKSTEP_HEARTBEAT_INTERVAL_MS: '2001' };
      expect(failure('connector-worker', env)).toContain('a third');
    });

    it('warns about credentials over plain http to another machine', () => {
      const env = { ...api, LOCKSTEP_ELASTICSEARCH_URL: 'http://es:9200', LOCKSTEP_ELASTICSEARCH_API_KEY: 'k' };
      expect(loadSettings('admin-api', env).warnings).toEqual([expect.stringContaining('use https')]);
    });
  });
});

describe('SETTINGS_CATALOGUE', () => {
  it('has each name once, with a description that ends as a sentence', () => {
    const names = SETTINGS_CATALOGUE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, description } of SETTINGS_CATALOGUE) {
      expect(name).toMatch(/^LOCKSTEP_[A-Z0-9_]+$/);
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('has defaults that pass their own checks', () => {
    expect(() => loadSettings('admin-api', api)).not.toThrow();
    expect(() => loadSettings('connector-worker', worker)).not.toThrow();
  });
});
