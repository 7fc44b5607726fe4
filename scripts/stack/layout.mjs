import { mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackError } from './progress.mjs';
import { reachableFolder } from './server-user.mjs';

export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/**
 * Folders of the local stack. `files` holds what Elasticsearch must reach, also when another user runs it.
 * @typedef {{ cache: string, files: string, data: string, state: string, lock: string }} Layout
 * @returns {Promise<Layout>}
 */
export async function stackLayout() {
  const root = resolve(process.env.LOCKSTEP_STACK_DIR || join(REPOSITORY, '.stack'));
  await mkdir(root, { recursive: true, mode: 0o755 });
  const files = await reachableFolder(root);
  const layout = {
    cache: join(root, 'cache'),
    files: join(files, 'servers'),
    data: join(files, 'data'),
    state: join(root, 'state'),
    lock: join(root, 'lock'),
  };
  for (const folder of [layout.cache, layout.files, layout.data, layout.state]) {
    await mkdir(folder, { recursive: true, mode: 0o755 });
  }
  return layout;
}

/** @param {string} variable @param {number} fallback */
function portOf(variable, fallback) {
  const text = process.env[variable];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StackError(`${variable} is not a port number: ${text}`);
  }
  return port;
}

/** @returns {{ mongodb: number, elasticsearch: number }} */
export function stackPorts() {
  return {
    mongodb: portOf('LOCKSTEP_STACK_MONGODB_PORT', 27_017),
    elasticsearch: portOf('LOCKSTEP_STACK_ELASTICSEARCH_PORT', 9200),
  };
}
