import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  dockerCanServe,
  isContainerRunning,
  removeContainer,
  startContainer,
  stopContainer,
} from './docker-engine.mjs';
import { launchElasticsearch } from './elasticsearch.mjs';
import { withFileLock } from './file-lock.mjs';
import { stackLayout, stackPorts } from './layout.mjs';
import { launchMongod } from './mongod.mjs';
import { endByPidFile, freePort, isPortTaken, runningPid } from './processes.mjs';
import { say, StackError, step } from './progress.mjs';
import { provisionElasticsearch, provisionMongod } from './provision.mjs';
import { ensureReplicaSet } from './replica-set.mjs';

const REPLICA_SET = 'rs0';

/** @typedef {'mongodb' | 'elasticsearch'} ServerName */
/** @typedef {{ url: string, origin: 'environment' | 'docker' | 'local', hasStarted: boolean }} StackServer */

const servers = {
  mongodb: {
    title: 'MongoDB',
    urlVariable: 'LOCKSTEP_MONGODB_URL',
    portVariable: 'LOCKSTEP_STACK_MONGODB_PORT',
    pidFile: 'mongod.pid',
    url: (port) => `mongodb://127.0.0.1:${port}/?replicaSet=${REPLICA_SET}`,
    launch: async (folder, port) => {
      const mongod = await provisionMongod();
      await step(`starting MongoDB on 127.0.0.1:${port}`, () =>
        launchMongod({ mongod, folder, port, replicaSet: REPLICA_SET, cacheGb: 1 }),
      );
    },
    ready: (port) => ensureReplicaSet(REPLICA_SET, [{ host: `127.0.0.1:${port}` }]),
  },
  elasticsearch: {
    title: 'Elasticsearch',
    urlVariable: 'LOCKSTEP_ELASTICSEARCH_URL',
    portVariable: 'LOCKSTEP_STACK_ELASTICSEARCH_PORT',
    pidFile: 'elasticsearch.pid',
    url: (port) => `http://127.0.0.1:${port}`,
    launch: async (folder, port) => {
      const { home, javaHome } = await provisionElasticsearch();
      const transportPort = await freePort();
      await step(`starting Elasticsearch on 127.0.0.1:${port} (about 20 s)`, () =>
        launchElasticsearch({ home, javaHome, folder, port, transportPort }),
      );
    },
    ready: waitForElasticsearch,
  },
};

/** Until every index that it has can be read and written: after a restart shards take a moment to recover. */
async function waitForElasticsearch(port) {
  const deadlineMs = performance.now() + 180_000;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/_cluster/health?wait_for_status=yellow&timeout=30s`).catch(
      () => null,
    );
    if (answer?.ok) return;
    if (performance.now() > deadlineMs) throw new StackError(`Elasticsearch on 127.0.0.1:${port} is not healthy`);
    await delay(200);
  }
}

/** The port is part of the folder's name: servers on moved ports are separate ones. */
const folderOf = (layout, name, port) => join(layout.data, `${name}-${port}`);

/**
 * Makes one server run, unless the environment names one or ours runs already.
 * @param {ServerName} name
 * @param {boolean} useDocker
 * @returns {Promise<StackServer>}
 */
async function provide(name, useDocker) {
  const server = servers[name];
  const port = stackPorts()[name];
  const layout = await stackLayout();
  const folder = folderOf(layout, name, port);
  const url = server.url(port);
  if ((await runningPid(join(folder, server.pidFile), folder)) !== null) {
    await server.ready(port);
    return { url, origin: 'local', hasStarted: false };
  }
  if (useDocker && (await isContainerRunning(name, port))) {
    await server.ready(port);
    return { url, origin: 'docker', hasStarted: false };
  }
  if (await isPortTaken(port)) {
    throw new StackError(
      `port ${port}, meant for ${server.title}, is taken by another program: stop that, set ${server.portVariable} ` +
        `to a free port, or name your own server with ${server.urlVariable}`,
    );
  }
  if (useDocker) {
    await step(`starting ${server.title} in Docker on 127.0.0.1:${port}`, async () => {
      await startContainer(name, port);
      await server.ready(port);
    });
    return { url, origin: 'docker', hasStarted: true };
  }
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await server.launch(folder, port);
  await server.ready(port);
  return { url, origin: 'local', hasStarted: true };
}

/**
 * Makes both servers available: those named by the environment, else in Docker, else as local processes.
 * @returns {Promise<Record<ServerName, StackServer>>}
 */
export async function startStack() {
  const result = {};
  const missing = [];
  for (const name of /** @type {ServerName[]} */ (Object.keys(servers))) {
    const url = process.env[servers[name].urlVariable];
    if (url) result[name] = { url, origin: 'environment', hasStarted: false };
    else missing.push(name);
  }
  if (missing.length === 0) return result;
  const layout = await stackLayout();
  await withFileLock(`${layout.lock}.start`, async () => {
    const useDocker = !(await allRunLocally(layout, missing)) && (await dockerCanServe(missing));
    const started = await Promise.allSettled(missing.map((name) => provide(name, useDocker)));
    for (const [index, outcome] of started.entries()) {
      if (outcome.status === 'fulfilled') result[missing[index]] = outcome.value;
    }
    await writeFile(join(layout.state, 'docker'), useDocker ? 'yes' : 'no');
    const failed = started.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  });
  return result;
}

async function allRunLocally(layout, names) {
  const running = await runningLocally(layout);
  return names.every((name) => running.includes(name));
}

/** @returns {Promise<ServerName[]>} servers of the local stack that run as processes now */
async function runningLocally(layout) {
  const running = [];
  for (const name of /** @type {ServerName[]} */ (Object.keys(servers))) {
    const folder = folderOf(layout, name, stackPorts()[name]);
    if ((await runningPid(join(folder, servers[name].pidFile), folder)) !== null) running.push(name);
  }
  return running;
}

/**
 * Starts the stack so that it can be given up half-way.
 * @returns {Promise<{ started: ReturnType<typeof startStack>, undo: () => Promise<void> }>} `undo` stops what this start
 *   started, also while it is still at it; servers that ran before stay
 */
export async function startStackRevocably() {
  const before = await runningLocally(await stackLayout());
  let isSettled = false;
  const started = startStack();
  const settled = started.then(
    (stack) => Object.keys(stack).filter((name) => stack[name].hasStarted),
    () => Object.keys(servers).filter((name) => !before.includes(name)),
  );
  void settled.then(() => (isSettled = true));
  const undo = async () => {
    const half = Object.keys(servers).filter(
      (name) => !before.includes(name) && !process.env[servers[name].urlVariable],
    );
    while (!isSettled) {
      await stopStack(half);
      await delay(200);
    }
    await stopStack(await settled);
  };
  return { started, undo };
}

/** @returns {Promise<ServerName[]>} the servers that ran and were stopped; those of the environment are left alone */
export async function stopStack(names = Object.keys(servers)) {
  const layout = await stackLayout();
  const wasDocker = (await readFile(join(layout.state, 'docker'), 'utf8').catch(() => 'no')) === 'yes';
  const stopped = [];
  await Promise.all(
    names.map(async (name) => {
      const port = stackPorts()[name];
      const folder = folderOf(layout, name, port);
      if (await endByPidFile(join(folder, servers[name].pidFile), folder)) stopped.push(name);
      else if (wasDocker && (await isContainerRunning(name, port))) {
        await stopContainer(name, port);
        stopped.push(name);
      }
    }),
  );
  return stopped;
}

/** Stops the local servers and removes their data; downloads stay. */
export async function cleanStack() {
  await stopStack();
  const layout = await stackLayout();
  const wasDocker = (await readFile(join(layout.state, 'docker'), 'utf8').catch(() => 'no')) === 'yes';
  for (const name of Object.keys(servers)) {
    const port = stackPorts()[name];
    await rm(folderOf(layout, name, port), { recursive: true, force: true });
    if (wasDocker) await removeContainer(name, port);
  }
  await rm(join(layout.state, 'docker'), { force: true });
}

/** @param {Record<string, StackServer>} stack */
export function describeStack(stack) {
  for (const [name, server] of Object.entries(stack)) {
    const how = { environment: 'named by the environment', docker: 'in Docker', local: 'local process' }[server.origin];
    say(
      `  ${servers[name].title.padEnd(13)} ${withoutPassword(server.url)} (${how}${server.hasStarted ? ', started' : ''})`,
    );
  }
}

function withoutPassword(url) {
  return url.replace(/\/\/[^@/]*@/, '//***@');
}
