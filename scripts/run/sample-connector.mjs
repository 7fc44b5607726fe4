import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../stack/processes.mjs';
import { say } from '../stack/progress.mjs';
import { callApi } from './api-client.mjs';

const NAME = 'shop';
const DATABASE = 'shop';
const POLL_MS = 500;
const REPORT_EVERY_MS = 2_000;

/** @returns {Promise<any>} the connector named `shop`, or undefined */
async function findSample() {
  let token = '';
  do {
    const page = await callApi(
      'GET',
      `/api/v1/connectors?pageSize=100${token && `&pageToken=${encodeURIComponent(token)}`}`,
    );
    const found = page.items.find((connector) => connector.name === NAME);
    if (found !== undefined) return found;
    token = page.nextPageToken ?? '';
  } while (token !== '');
  return undefined;
}

/**
 * Makes the sample connector exist and wanted as running.
 * @param {string} mongodbUrl
 * @returns {Promise<string>} its id
 */
export async function ensureSampleConnector(mongodbUrl) {
  let connector = await findSample();
  if (connector === undefined) {
    connector = await callApi('POST', '/api/v1/connectors', {
      name: NAME,
      source: { uri: mongodbUrl, database: DATABASE, collections: ['*'] },
      sink: { index: '{database}-{collection}' },
    });
    say(`✔ connector "${NAME}" created: every collection of "${DATABASE}" to the index {database}-{collection}`);
  }
  if (connector.desiredState !== 'running') {
    const action = connector.desiredState === 'paused' ? 'resume' : 'start';
    await callApi('POST', `/api/v1/connectors/${connector.id}/actions/${action}`);
  }
  return connector.id;
}

const newest = (jobs) => [...jobs].sort((a, b) => String(b.createdAt).localeCompare(String(a.createdAt)))[0];

function progressLine(job) {
  const { phase, done = 0, total, ratePerSecond } = job.progress ?? {};
  const share = total > 0 ? ` of ${total}` : '';
  const rate = ratePerSecond > 0 ? `, ${Math.round(ratePerSecond)} documents/s` : '';
  const waits = job.condition
    ? ` – waits: ${job.condition.code ?? job.condition.reason} ${job.condition.message ?? ''}`
    : '';
  return `  … bulk sync ${job.state}${phase ? ` (${phase})` : ''}: ${done}${share} documents${rate}${waits}`;
}

/**
 * Waits until the sample's stream sync runs, showing how far the bulk sync is.
 * @param {string} connectorId
 * @param {AbortSignal} signal
 * @returns {Promise<any>} the connector as it is then
 */
export async function waitForStreaming(connectorId, signal) {
  let lastLine = '';
  let reportedMs = 0;
  const report = (line) => {
    if (line === lastLine || performance.now() - reportedMs < REPORT_EVERY_MS) return;
    lastLine = line;
    reportedMs = performance.now();
    say(line);
  };
  for (;;) {
    try {
      const connector = await callApi('GET', `/api/v1/connectors/${connectorId}`);
      const jobs = await callApi('GET', `/api/v1/jobs?connectorId=${connectorId}`);
      const stream = newest(jobs.items.filter((job) => job.type === 'stream_sync'));
      const isStreaming = stream?.state === 'running' && connector.observedState === 'streaming';
      if (isStreaming && (await isHeldByLiveWorker(connectorId))) return connector;
      const bulk = newest(jobs.items.filter((job) => job.type === 'bulk_sync'));
      if (stream?.state === 'running') report(`  … a worker takes over the stream sync (${connector.observedState})`);
      else if (bulk !== undefined) report(describe(bulk));
    } catch (error) {
      report(`  … the admin API does not answer as expected: ${error.message}`);
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

/**
 * Whether a worker works on the connector now: documents of an earlier run still say so for a while after its worker was
 * killed, so one of this machine has to exist as a process, too.
 */
async function isHeldByLiveWorker(connectorId) {
  const { items } = await callApi('GET', '/api/v1/workers');
  return items.some(
    (worker) =>
      worker.isAlive &&
      worker.partitions.some((partition) => partition.startsWith(`${connectorId}:`)) &&
      (worker.host !== hostname() || isAlive(worker.pid)),
  );
}

function describe(bulk) {
  if (bulk.state !== 'failed') return progressLine(bulk);
  return `! the bulk sync failed: ${bulk.error?.code} ${bulk.error?.message ?? ''}`;
}
