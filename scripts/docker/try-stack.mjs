import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { callApi } from '../run/api-client.mjs';
import { waitForStreaming } from '../run/sample-connector.mjs';
import { step, StackError } from '../stack/progress.mjs';

/** @typedef {import('./compose-stack.mjs').ComposeStack} ComposeStack */

export const SAMPLE_SIZE = 1_000;
const SAMPLE_ORDERS = 700;
/** What is done in MongoDB; what Elasticsearch then finds, and how often. */
const CHANGES = /** @type {const} */ ([
  ["insertOne({ _id: 'c-1', proof: 'inserted' })", 'proof:inserted', 1],
  ["updateOne({ _id: 'c-1' }, { $set: { proof: 'updated' } })", 'proof:updated', 1],
  ["deleteOne({ _id: 'c-1' })", 'proof:*', 0],
]);
const ARRIVAL_TIMEOUT_MS = 60_000;
const SYNC_TIMEOUT_MS = 300_000;

/** @param {AbortSignal} signal @param {string} what @param {() => Promise<boolean>} isTrue */
async function eventually(signal, what, isTrue) {
  const deadlineMs = performance.now() + ARRIVAL_TIMEOUT_MS;
  while (!(await isTrue())) {
    if (performance.now() > deadlineMs) throw new StackError(`not true after ${ARRIVAL_TIMEOUT_MS / 1000} s: ${what}`);
    await delay(250, undefined, { signal });
  }
}

/** How many documents a query finds in Elasticsearch. @param {ComposeStack} stack @param {string} index @param {string} q */
async function count(stack, index, q) {
  const url = `http://127.0.0.1:${stack.elasticsearchPort}/${index}`;
  await fetch(`${url}/_refresh`, { method: 'POST' });
  const response = await fetch(`${url}/_search?track_total_hits=true&q=${encodeURIComponent(q)}`);
  const { hits } = await response.json();
  return hits?.total.value ?? 0;
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
  await step('syncing the sample', () =>
    waitForStreaming(connector.id, AbortSignal.any([stack.signal, AbortSignal.timeout(SYNC_TIMEOUT_MS)])),
  );
  await arrives(stack, { index: 'shop-orders', query: '*', total: SAMPLE_ORDERS });
  for (const [statement, query, total] of CHANGES) {
    await step(`following ${statement}`, async () => {
      await stack.mongo('shop', `await db.collection('customers').${statement};`);
      await arrives(stack, { index: 'shop-customers', query, total });
    });
  }
}

/** @param {ComposeStack} stack @param {{ index: string, query: string, total: number }} expected */
const arrives = (stack, { index, query, total }) =>
  eventually(
    stack.signal,
    `${index} has ${total} × ${query}`,
    async () => (await count(stack, index, query)) === total,
  );

/** @param {ComposeStack} stack */
async function scaleWorkers(stack) {
  await stack.compose('up', '-d', '--no-recreate', '--scale', 'connector-worker=2', 'connector-worker');
  await eventually(stack.signal, 'two workers are alive', async () => {
    const { items } = await callApi('GET', '/api/v1/workers');
    return items.filter((worker) => worker.isAlive).length === 2;
  });
}

/** Builds, starts and uses the stack as an operator would. @param {ComposeStack} stack @throws when anything is amiss */
export async function tryStack(stack) {
  // The other services share the image of `keys`.
  await step('building the images', () => stack.compose('build', 'admin-api', 'connector-worker', 'keys'));
  await step('bringing the stack up', () => stack.compose('up', '-d'));
  // The scripts that talk to the API read these.
  process.env.LOCKSTEP_API_PORT = String(stack.apiPort);
  process.env.LOCKSTEP_API_TOKEN = (await stack.compose('run', '--rm', '-T', 'token', 'show')).trim();
  await eventually(stack.signal, 'both services are healthy', async () => {
    const containers = [...(await stack.inspect('admin-api')), ...(await stack.inspect('connector-worker'))];
    return containers.every(({ State }) => State.Health.Status === 'healthy');
  });
  await checkConfinement(stack);
  await syncThrough(stack);
  await step('scaling to two workers', () => scaleWorkers(stack));
  const log = await stack.compose('logs', '--no-color');
  assert.ok(!log.includes(process.env.LOCKSTEP_API_TOKEN), 'no log holds the token');
}
