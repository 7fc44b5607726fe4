import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.mjs';

/** Variables that belong to these scripts; the services refuse names that are not theirs. */
const OURS = /^LOCKSTEP_(STACK_|TEST_|MONGODB_URL$)/;

export const KEYS = {
  publicDir: join(REPOSITORY, '.keys', 'public'),
  privateDir: join(REPOSITORY, '.keys', 'private'),
};

/**
 * The environment of a local service: what this process has, and defaults for what it lacks.
 * @param {'admin-api' | 'connector-worker'} app the API never learns where private keys are
 * @param {{ elasticsearchUrl: string }} stack
 * @returns {NodeJS.ProcessEnv}
 */
export function serviceEnvironment(app, { elasticsearchUrl }) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
  env.LOCKSTEP_ELASTICSEARCH_URL ||= elasticsearchUrl;
  if (app === 'connector-worker') {
    env.LOCKSTEP_PRIVATE_KEYS_DIR ||= KEYS.privateDir;
  } else {
    delete env.LOCKSTEP_PRIVATE_KEYS_DIR;
    env.LOCKSTEP_PUBLIC_KEYS_DIR ||= KEYS.publicDir;
  }
  return env;
}

/** @param {'admin-api' | 'connector-worker'} app */
export const mainFileOf = (app) => join(REPOSITORY, 'dist', 'apps', app, 'src', 'main.js');

/** @param {string} relativePath */
export const scriptExists = (relativePath) => existsSync(join(REPOSITORY, relativePath));

/** Where the API is reached from this machine. */
export function apiUrl() {
  const host = process.env.LOCKSTEP_API_HOST || '127.0.0.1';
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${apiPort()}`;
}

export const apiPort = () => Number(process.env.LOCKSTEP_API_PORT || 9292);
export const workerPort = () => Number(process.env.LOCKSTEP_WORKER_PORT || 9293);
