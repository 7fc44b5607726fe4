import { inspect } from 'node:util';
import { LockstepError } from '@lockstep/core';
import { isLoopbackHost } from './parse-setting.js';
import { readSettingFile, readVariables, type ReadVariables } from './read-variables.js';
import { SETTINGS_CATALOGUE } from './settings-catalogue.js';
import { LOG_LEVELS, type AppName, type ElasticsearchSettings, type Settings } from './settings.js';

export interface LoadedSettings {
  readonly settings: Settings;
  /** For the log, at start. */
  readonly warnings: readonly string[];
  /** Effective values by variable name, secrets as `[redacted]`. */
  readonly redacted: Readonly<Record<string, string>>;
}

const REDACTED = '[redacted]';
const MIN_TOKEN_LENGTH = 16;

function checkElasticsearch({ values, problems, warnings }: ReadVariables): void {
  const has = (name: string): boolean => values.has(`LOCKSTEP_ELASTICSEARCH_${name}`);
  if (has('API_KEY') && (has('USERNAME') || has('PASSWORD'))) {
    problems.push('LOCKSTEP_ELASTICSEARCH_API_KEY and _USERNAME or _PASSWORD are both set; keep one way to sign in');
  } else if (has('USERNAME') !== has('PASSWORD')) {
    problems.push(
      'LOCKSTEP_ELASTICSEARCH_USERNAME and LOCKSTEP_ELASTICSEARCH_PASSWORD belong together; one is missing',
    );
  }
  const url = values.get('LOCKSTEP_ELASTICSEARCH_URL');
  if (url === undefined || !url.startsWith('http:') || !(has('API_KEY') || has('PASSWORD'))) return;
  if (!isLoopbackHost(new URL(url).hostname.replace(/^\[|\]$/g, ''))) {
    warnings.push('LOCKSTEP_ELASTICSEARCH_URL: the credentials travel unencrypted; use https.');
  }
}

function checkApi({ values, problems }: ReadVariables): void {
  const token = values.get('LOCKSTEP_API_TOKEN');
  const host = values.get('LOCKSTEP_API_HOST');
  if (token === undefined && host !== undefined && !isLoopbackHost(host)) {
    problems.push(
      `LOCKSTEP_API_HOST ${host} is reachable from elsewhere: set LOCKSTEP_API_TOKEN, or listen on 127.0.0.1`,
    );
  }
  if (token !== undefined && (token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token))) {
    problems.push('LOCKSTEP_API_TOKEN must have at least 16 characters, all printable ASCII without blanks');
  }
}

function checkWorker({ values, problems }: ReadVariables): void {
  const ttlMs = Number(values.get('LOCKSTEP_LEASE_TTL_MS'));
  const intervalMs = Number(values.get('LOCKSTEP_HEARTBEAT_INTERVAL_MS'));
  if (intervalMs * 3 > ttlMs) {
    problems.push('LOCKSTEP_HEARTBEAT_INTERVAL_MS must be at most a third of LOCKSTEP_LEASE_TTL_MS');
  }
}

function readCa(found: ReadVariables): string | undefined {
  const path = found.values.get('LOCKSTEP_ELASTICSEARCH_CA_FILE');
  if (path === undefined) return undefined;
  const pem = readSettingFile('LOCKSTEP_ELASTICSEARCH_CA_FILE', path, found);
  if (pem?.includes('-----BEGIN CERTIFICATE-----') === false) {
    found.problems.push(`LOCKSTEP_ELASTICSEARCH_CA_FILE: ${path} holds no PEM certificate`);
  }
  return pem;
}

/** The property under its name, or nothing: absent optional settings are absent keys. */
const optional = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  value === undefined ? {} : ({ [key]: value } as Record<K, string>);

/** Freezes a group of settings; printing or serialising it, by mistake, shows its secrets redacted. */
function protect<T extends object>(group: T, secretKeys: readonly string[]): T {
  const show = (): object =>
    Object.fromEntries(Object.entries(group).map(([key, value]) => [key, secretKeys.includes(key) ? REDACTED : value]));
  Object.defineProperty(group, 'toJSON', { value: show });
  Object.defineProperty(group, inspect.custom, { value: show });
  return Object.freeze(group);
}

function buildElasticsearch(values: ReadonlyMap<string, string>, ca: string | undefined): ElasticsearchSettings {
  const elasticsearch = {
    url: values.get('LOCKSTEP_ELASTICSEARCH_URL') ?? '',
    ...optional('apiKey', values.get('LOCKSTEP_ELASTICSEARCH_API_KEY')),
    ...optional('username', values.get('LOCKSTEP_ELASTICSEARCH_USERNAME')),
    ...optional('password', values.get('LOCKSTEP_ELASTICSEARCH_PASSWORD')),
    ...optional('ca', ca),
  };
  return protect(elasticsearch, ['apiKey', 'password']);
}

function buildSettings(values: ReadonlyMap<string, string>, ca: string | undefined): Settings {
  const defaults = new Map(SETTINGS_CATALOGUE.map((setting) => [setting.name, setting.default]));
  const text = (name: string): string => values.get(name) ?? defaults.get(name) ?? '';
  const number = (name: string): number => Number(text(name));
  const api = {
    host: text('LOCKSTEP_API_HOST'),
    port: number('LOCKSTEP_API_PORT'),
    ...optional('token', values.get('LOCKSTEP_API_TOKEN')),
  };
  return Object.freeze({
    elasticsearch: buildElasticsearch(values, ca),
    indexPrefix: text('LOCKSTEP_INDEX_PREFIX'),
    logLevel: LOG_LEVELS.find((level) => level === text('LOCKSTEP_LOG_LEVEL')) ?? 'info',
    leaseTtlMs: number('LOCKSTEP_LEASE_TTL_MS'),
    api: protect(api, ['token']),
    worker: Object.freeze({
      host: text('LOCKSTEP_WORKER_HOST'),
      port: number('LOCKSTEP_WORKER_PORT'),
      ...optional('id', values.get('LOCKSTEP_WORKER_ID')),
      heartbeatIntervalMs: number('LOCKSTEP_HEARTBEAT_INTERVAL_MS'),
      pollIntervalMs: number('LOCKSTEP_POLL_INTERVAL_MS'),
      shutdownGraceMs: number('LOCKSTEP_SHUTDOWN_GRACE_MS'),
      scanTurnMs: number('LOCKSTEP_SCAN_TURN_MS'),
      historyRetentionMs: number('LOCKSTEP_HISTORY_RETENTION_MS'),
      generationRetentionMs: number('LOCKSTEP_GENERATION_RETENTION_MS'),
      streamStallMs: number('LOCKSTEP_STREAM_STALL_MS'),
      quarantineAfter: number('LOCKSTEP_QUARANTINE_AFTER'),
      quarantineTrialMs: number('LOCKSTEP_QUARANTINE_TRIAL_MS'),
      elasticsearchTimeoutMs: number('LOCKSTEP_ELASTICSEARCH_TIMEOUT_MS'),
    }),
    ...optional('publicKeysDir', values.get('LOCKSTEP_PUBLIC_KEYS_DIR')),
    ...optional('privateKeysDir', values.get('LOCKSTEP_PRIVATE_KEYS_DIR')),
  });
}

function redact(values: ReadonlyMap<string, string>): Record<string, string> {
  const secrets = new Set(SETTINGS_CATALOGUE.filter(({ isSecret }) => isSecret).map(({ name }) => name));
  return Object.fromEntries([...values].map(([name, value]) => [name, secrets.has(name) ? REDACTED : value]));
}

/**
 * Reads, checks and freezes the settings of one app.
 * @param env the environment; tests pass their own
 * @throws LockstepError `SETTINGS_INVALID`, naming every variable that is wrong, never a secret value
 */
export function loadSettings(app: AppName, env: NodeJS.ProcessEnv = process.env): LoadedSettings {
  const found = readVariables(app, env);
  const ca = readCa(found);
  checkElasticsearch(found);
  if (app === 'admin-api') checkApi(found);
  if (app === 'connector-worker') checkWorker(found);
  if (found.problems.length > 0) {
    throw new LockstepError('SETTINGS_INVALID', `The environment is not valid: ${found.problems.join('. ')}.`, {
      fields: found.problems.map((message) => ({
        pointer: `/${/^[A-Z0-9_]+/.exec(message)?.[0] ?? ''}`,
        code: 'SETTINGS_INVALID',
        message,
      })),
    });
  }
  const redacted = Object.freeze(redact(found.values));
  return { settings: buildSettings(found.values, ca), warnings: found.warnings, redacted };
}
