#!/usr/bin/env node
import { isPortTaken } from '../stack/processes.mjs';
import { runMain, say, StackError, step } from '../stack/progress.mjs';
import { describeStack, startStackRevocably } from '../stack/stack.mjs';
import { isApiReady, isApiUp } from './api-client.mjs';
import { buildIfStale } from './build-if-stale.mjs';
import { ensureKeys } from './keys.mjs';
import { apiPort, apiUrl, workerPort } from './local-environment.mjs';
import { ensureSampleConnector, waitForStreaming } from './sample-connector.mjs';
import { ensureSampleData } from './sample-data.mjs';
import { Service } from './service.mjs';
import { setTimeout as delay } from 'node:timers/promises';

const shutdown = new AbortController();
const services = { api: new Service('admin-api'), worker: new Service('connector-worker') };

/** Stops what this run started of the stack. */
let undoStack = async () => undefined;

async function checkPorts() {
  for (const [port, variable, what] of [
    [apiPort(), 'LOCKSTEP_API_PORT', 'the admin API'],
    [workerPort(), 'LOCKSTEP_WORKER_PORT', 'the worker'],
  ]) {
    if (await isPortTaken(port)) {
      throw new StackError(
        `port ${port}, meant for ${what}, is taken by another program: stop that or set ${variable}`,
      );
    }
  }
}

async function waitForApi() {
  while (!(await isApiReady())) {
    shutdown.signal.throwIfAborted();
    if (!services.api.isRunning) throw new StackError(`the admin API did not come up; see ${services.api.logFile}`);
    await delay(200, undefined, { signal: shutdown.signal });
  }
}

function summary(mongodbUrl, elasticsearchUrl, connector) {
  const url = apiUrl();
  say(`
  Console        ${url}/          live status  ${url}/status.html
  API            ${url}/docs      public key   ${url}/public_key
  MongoDB        ${mongodbUrl}
  Elasticsearch  ${elasticsearchUrl}
  Syncing        connector "${connector.name}" (${connector.id}): database shop, every collection → shop-<collection>
  Logs           ${services.api.logFile}
                 ${services.worker.logFile}
  Try next       make mongo-writes          changes to watch live on the status page
                 LOCKSTEP_WORKER_PORT=9301 make run-connector          one more worker
  Ctrl-C stops what this run started; data is kept.
`);
}

/** Waits for work that knows no signal, but not once this run shall end. */
async function untilShutdown(work) {
  const aborted = new Promise((_resolve, reject) => {
    shutdown.signal.addEventListener('abort', () => reject(shutdown.signal.reason), { once: true });
  });
  await Promise.race([work, aborted]);
  shutdown.signal.throwIfAborted();
}

async function up() {
  await checkPorts();
  const { started, undo } = await startStackRevocably();
  undoStack = undo;
  await untilShutdown(Promise.all([started.then(describeStack), buildIfStale()]));
  const stack = await started;
  await ensureKeys();
  await ensureSampleData(stack.mongodb.url);
  shutdown.signal.throwIfAborted();
  const urls = { elasticsearchUrl: stack.elasticsearch.url };
  await step('starting the admin API and a worker', async () => {
    await services.api.start(urls);
    await services.worker.start(urls);
    await waitForApi();
  });
  const connectorId = await ensureSampleConnector(stack.mongodb.url);
  const connector = await step('syncing the sample data', () => waitForStreaming(connectorId, shutdown.signal));
  summary(withoutPassword(stack.mongodb.url), withoutPassword(stack.elasticsearch.url), connector);
  process.stdout.write(`lockstep ready ${apiUrl()}/\n`);
}

const withoutPassword = (url) => url.replace(/\/\/[^@/]*@/, '//***@');

async function down() {
  await Promise.all([services.worker.stop(), services.api.stop()]);
  await undoStack();
}

runMain(async () => {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (!shutdown.signal.aborted) say('\nstopping what this run started …');
      shutdown.abort();
    });
  }
  if (await isApiUp()) {
    say(`Lockstep already runs here: ${apiUrl()}/`);
    return;
  }
  try {
    await up();
    // Stays for as long as it is not told to stop, whatever becomes of its services.
    while (!shutdown.signal.aborted) await delay(3_600_000, undefined, { signal: shutdown.signal });
  } catch (error) {
    if (!shutdown.signal.aborted) throw error;
  } finally {
    await down();
    say('stopped');
  }
});
