#!/usr/bin/env node
// Measures one bulk sync of generated orders by the built services: documents per second to the last
// acknowledgement, and the largest resident memory of the worker from its start to the end.
// --size documents (500000) · --keep leaves data and indices
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { callApi } from '../run/api-client.mjs';
import { buildIfStale } from '../run/build-if-stale.mjs';
import { ensureKeys } from '../run/keys.mjs';
import { Service } from '../run/service.mjs';
import { readArguments, wholeNumber } from '../sample-data/arguments.mjs';
import { insertAll } from '../sample-data/insert-all.mjs';
import { Random } from '../sample-data/random.mjs';
import { order } from '../sample-data/shop.mjs';
import { runMain, say } from '../stack/progress.mjs';
import { startStack } from '../stack/stack.mjs';

const DATABASE = 'lockstep_bench';
const PREFIX = 'lockstep-bench';

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** @param {string} url @param {number} size */
async function fill(url, size) {
  const client = new MongoClient(url);
  try {
    const orders = client.db(DATABASE).collection('orders');
    if ((await orders.estimatedDocumentCount()) === size) return;
    await client.db(DATABASE).dropDatabase();
    const random = new Random(1);
    await insertAll(orders, size, (ordinal) => order(random, ordinal));
  } finally {
    await client.close();
  }
}

/** Largest resident set of a process as the kernel counts it, MiB. @param {number} pid */
async function peakMemoryMib(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

/** @param {string} url @param {string} pattern */
async function removeIndices(url, pattern) {
  const indices = await (await fetch(`${url}/_cat/indices/${pattern}?format=json&expand_wildcards=all`)).json();
  for (const { index } of Array.isArray(indices) ? indices : []) await fetch(`${url}/${index}`, { method: 'DELETE' });
}

/** @param {string} jobId */
async function untilCompleted(jobId) {
  let shownAt = 0;
  for (;;) {
    const job = await callApi('GET', `/api/v1/jobs/${jobId}`);
    if (job.state === 'completed') return job;
    if (job.state === 'failed' || job.state === 'canceled')
      throw new Error(`the job ${job.state}: ${JSON.stringify(job.error)}`);
    if (performance.now() - shownAt > 5_000) {
      shownAt = performance.now();
      say(
        `  … ${job.progress.phase}: ${job.progress.done} of ${job.progress.total ?? '?'}, ${Math.round(job.progress.ratePerSecond ?? 0)}/s`,
      );
    }
    await delay(250);
  }
}

runMain(async () => {
  const args = readArguments({ size: { type: 'string', fallback: '500000' } });
  const size = wholeNumber(args.size, 'size', { min: 1_000, max: 10_000_000 });
  const stack = await startStack();
  await ensureKeys();
  await buildIfStale();
  await fill(stack.mongodb.url, size);
  Object.assign(process.env, {
    LOCKSTEP_INDEX_PREFIX: PREFIX,
    LOCKSTEP_API_PORT: String(await freePort()),
    LOCKSTEP_WORKER_PORT: String(await freePort()),
  });
  const elasticsearchUrl = stack.elasticsearch.url;
  const [api, worker] = [new Service('admin-api'), new Service('connector-worker')];
  try {
    await removeIndices(elasticsearchUrl, `${PREFIX}*,bench-orders*`);
    for (const service of [api, worker]) await service.start({ elasticsearchUrl });
    while (
      (await fetch(`http://127.0.0.1:${process.env.LOCKSTEP_API_PORT}/health/ready`).catch(() => null))?.ok !== true
    )
      await delay(200);
    const connector = await callApi('POST', '/api/v1/connectors', {
      name: 'bench',
      source: { uri: stack.mongodb.url, database: DATABASE, collections: ['orders'] },
      sink: { index: 'bench-{collection}' },
    });
    const startedAt = performance.now();
    await callApi('POST', `/api/v1/connectors/${connector.id}/actions/start`);
    const { items } = await callApi('GET', `/api/v1/jobs?connectorId=${connector.id}&type=bulk_sync`);
    const job = await untilCompleted(items[0].id);
    const seconds = (performance.now() - startedAt) / 1_000;
    const { count } = await (await fetch(`${elasticsearchUrl}/bench-orders/_count`)).json();
    say(`documents in the index: ${count} of ${size}; counters ${JSON.stringify(job.counters)}`);
    say(`bulk sync: ${seconds.toFixed(1)} s, ${Math.round(size / seconds)} documents/s, to searchable`);
    say(`worker memory, largest: ${(await peakMemoryMib(worker.pid)).toFixed(0)} MiB`);
    if (count !== size) process.exitCode = 1;
  } finally {
    await worker.stop();
    await api.stop();
    await removeIndices(elasticsearchUrl, `${PREFIX}*,bench-orders*`);
  }
});
