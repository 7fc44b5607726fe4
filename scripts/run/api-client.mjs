import { readFileSync } from 'node:fs';
import { StackError } from '../stack/progress.mjs';
import { apiUrl } from './local-environment.mjs';

function authorization() {
  const file = process.env.LOCKSTEP_API_TOKEN_FILE;
  const token = process.env.LOCKSTEP_API_TOKEN || (file ? readFileSync(file, 'utf8').trim() : '');
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}

/**
 * One call of the admin API.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 * @throws StackError with the problem's code and detail
 */
export async function callApi(method, path, body) {
  const response = await fetch(`${apiUrl()}${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...authorization() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) {
    const reason = `${answer?.code ?? response.status}: ${answer?.detail ?? answer?.title ?? ''}`;
    throw new StackError(
      `${method} ${path} was refused with ${reason} ${answer?.errors ? JSON.stringify(answer.errors) : ''}`.trim(),
    );
  }
  return answer;
}

/** Whether an admin API runs here. */
export const isApiUp = () => isOk('/health/live');

/** Whether it can serve requests: Elasticsearch answers and our indices are there. */
export const isApiReady = () => isOk('/health/ready');

async function isOk(path) {
  const response = await fetch(`${apiUrl()}${path}`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
  return response?.ok === true;
}
