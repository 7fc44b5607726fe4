#!/usr/bin/env node
// make test-docker: builds the images, brings the compose stack up, syncs through it and takes it down again. Uses the
// container engine of this machine, or one of its own with base images made from packages.
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { callApi } from '../run/api-client.mjs';
import { waitForStreaming } from '../run/sample-connector.mjs';
import { guardedFolder } from '../stack/folder-guard.mjs';
import { runMain, say, step, StackError } from '../stack/progress.mjs';
import { makeBaseImages } from './base-images.mjs';
import { ComposeStack } from './compose-stack.mjs';
import { provideEngine } from './engine.mjs';

const SAMPLE_SIZE = 1_000;
const SAMPLE_ORDERS = 700;
const ARRIVAL_TIMEOUT_MS = 60_000;
const SYNC_TIMEOUT_MS = 300_000;

/** @param {string} what @param {() => Promise<boolean>} isTrue */
async function eventually(what, isTrue) {
  const deadlineMs = performance.now() + ARRIVAL_TIMEOUT_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadlineMs) throw new StackError(`not true after ${ARRIVAL_TIMEOUT_MS / 1000} s: ${what}`);
    await delay(250);
  }
}

/** Documents that a query finds in Elasticsearch. @param {ComposeStack} stack @param {string} index @param {string} q */
async function find(stack, index, q) {
  const url = `http://127.0.0.1:${stack.elasticsearchPort}/${index}`;
  await fetch(`${url}/_refresh`, { method: 'POST' });
  const response = await fetch(`${url}/_search?track_total_hits=true&q=${encodeURIComponent(q)}`);
  const { hits } = await response.json();
  return { total: hits?.total.value ?? 0, sources: hits?.hits.map((hit) => hit._source) ?? [] };
}

/** The boundaries that the compose file promises, as the engine sees them. @param {ComposeStack} stack */
async function checkConfinement(stack) {
  for (const service of ['admin-api', 'connector-worker', 'mongodb', 'elasticsearch']) {
    for (const { Config, HostConfig, State, Mounts } of await stack.inspect(service)) {
      assert.equal(State.Health.Status, 'healthy', `${service} is healthy`);
      assert.match(Config.User, /^[1-9]\d*:\d+$/, `${service} runs as an ordinary user`);
      assert.deepEqual(HostConfig.CapDrop, ['ALL'], `${service} has no capabilities`);
      assert.equal(HostConfig.ReadonlyRootfs, service !== 'elasticsearch', `${service}: root is read-only`);
      if (service === 'admin-api' || service === 'connector-worker') {
        assert.ok(
          Mounts.every(({ Type, RW }) => Type !== 'volume' || !RW),
          `${service} cannot write its secrets`,
        );
      }
      const hasPrivateKey = Mounts.some(({ Name }) => Name?.endsWith('private-keys'));
      assert.equal(hasPrivateKey, service === 'connector-worker', `${service}: private key`);
    }
  }
  const { status } = await fetch(`http://127.0.0.1:${stack.apiPort}/api/v1/connectors`);
  assert.equal(status, 401, 'the API refuses who has no token');
}

/** @param {ComposeStack} stack */
async function syncThrough(stack) {
  const connector = await callApi('POST', '/api/v1/connectors', {
    name: 'compose',
    // Sealed by the API, opened by the worker: each needs its half of the pair.
    source: {
      uri: { secret: 'mongodb://mongodb:27017/?replicaSet=rs0' },
      database: 'shop',
      collections: ['orders', 'customers'],
    },
    sink: { index: '{database}-{collection}' },
  });
  await callApi('POST', `/api/v1/connectors/${connector.id}/actions/start`);
  await step('syncing the sample', () => waitForStreaming(connector.id, AbortSignal.timeout(SYNC_TIMEOUT_MS)));
  await eventually('all orders are there', async () => (await find(stack, 'shop-orders', '*')).total === SAMPLE_ORDERS);
  await step('following an insert, an update and a delete', async () => {
    await stack.mongo('shop', `await db.collection('customers').insertOne({ _id: 'c-1', proof: 'inserted' });`);
    await eventually(
      'the insert arrives',
      async () => (await find(stack, 'shop-customers', 'proof:inserted')).total === 1,
    );
    await stack.mongo(
      'shop',
      `await db.collection('customers').updateOne({ _id: 'c-1' }, { $set: { proof: 'updated' } });`,
    );
    await eventually(
      'the update arrives',
      async () => (await find(stack, 'shop-customers', 'proof:updated')).total === 1,
    );
    await stack.mongo('shop', `await db.collection('customers').deleteOne({ _id: 'c-1' });`);
    await eventually('the delete arrives', async () => (await find(stack, 'shop-customers', 'proof:*')).total === 0);
  });
}

/** @param {ComposeStack} stack */
async function scaleWorkers(stack) {
  await stack.compose('up', '-d', '--no-recreate', '--scale', 'connector-worker=2', 'connector-worker');
  await eventually('two workers are alive', async () => {
    const { items } = await callApi('GET', '/api/v1/workers');
    return items.filter((worker) => worker.isAlive).length === 2;
  });
}

/** @param {ComposeStack} stack */
async function tryStack(stack) {
  await step('building the images', () => stack.compose('build'));
  await step('bringing the stack up', () => stack.compose('up', '-d'));
  // The scripts that talk to the API read these.
  process.env.LOCKSTEP_API_PORT = String(stack.apiPort);
  process.env.LOCKSTEP_API_TOKEN = (await stack.compose('run', '--rm', '-T', 'token', 'show')).trim();
  await eventually('both services are healthy', async () => {
    const containers = [...(await stack.inspect('admin-api')), ...(await stack.inspect('connector-worker'))];
    return containers.every(({ State }) => State.Health.Status === 'healthy');
  });
  await checkConfinement(stack);
  await syncThrough(stack);
  await step('scaling to two workers', () => scaleWorkers(stack));
  const log = await stack.compose('logs', '--no-color');
  assert.ok(!log.includes(process.env.LOCKSTEP_API_TOKEN), 'no log holds the token');
}

/** @param {import('./engine.mjs').Engine} engine @param {string} folder */
async function tryImages(engine, folder) {
  if (engine.isPrivate) await makeBaseImages(engine, folder);
  const stack = new ComposeStack(engine);
  await stack.prepare(folder, SAMPLE_SIZE);
  const failure = await tryStack(stack).then(
    () => null,
    async (error) => {
      say(await stack.logs());
      return { error };
    },
  );
  const takeDown = step('taking the stack down', () => stack.remove());
  // What went wrong first is what is told.
  if (failure !== null) await takeDown.catch((error) => say(error.message));
  else assert.deepEqual(await takeDown, [], 'nothing is left of the stack');
  if (failure !== null) throw failure.error;
}

runMain(async () => {
  // Ctrl-C ends the command that runs; what follows is the clearing up.
  process.on('SIGINT', () => say('\nstopping …'));
  process.on('SIGTERM', () => say('\nstopping …'));
  const folder = await guardedFolder('docker');
  try {
    const engine = await provideEngine(folder.path);
    try {
      await tryImages(engine, folder.path);
    } finally {
      await engine.stop();
    }
  } finally {
    await folder.remove();
  }
  say('the images build, the stack comes up, and changes arrive through it');
});
