import { IMAGES } from './artefacts.mjs';
import { say, StackError, step } from './progress.mjs';
import { lastLines, runCommand } from './run-command.mjs';

const LABEL = 'lockstep.stack=1';

/** @param {readonly string[]} args @param {number} [timeoutMs] */
const docker = (args, timeoutMs) => runCommand('docker', args, { timeoutMs });

/** @param {readonly string[]} args @param {string} what */
async function mustRun(args, what) {
  const result = await docker(args);
  if (result.code !== 0) throw new StackError(`${what}: ${lastLines(result.stderr, 1)}`);
  return result.stdout.trim();
}

/** Whether a container engine answers; a client without one does not count. */
export async function dockerAnswers() {
  return (await docker(['version', '--format', '{{.Server.Version}}'], 5_000)).code === 0;
}

/** Whether the image is there or can be had. @param {string} image */
async function haveImage(image) {
  if ((await docker(['image', 'inspect', image])).code === 0) return true;
  const pulled = await step(`pulling the image ${image}`, () => docker(['pull', '--quiet', image]));
  if (pulled.code !== 0)
    say(`  the image ${image} cannot be had (${lastLines(pulled.stderr, 1)}); using local servers`);
  return pulled.code === 0;
}

/** Whether Docker can run both servers. @returns {Promise<boolean>} */
export async function dockerCanServe(names) {
  if (!(await dockerAnswers())) return false;
  for (const name of names) if (!(await haveImage(IMAGES[name]))) return false;
  return true;
}

const containerName = (name, port) => `lockstep-stack-${name}-${port}`;

/** Arguments that make each server reachable from the host under the very address that it calls itself by. */
const runArguments = {
  mongodb: (port, name) => [
    ...['-p', `127.0.0.1:${port}:${port}`, '-v', `${name}:/data/db`, IMAGES.mongodb],
    ...['mongod', '--replSet', 'rs0', '--bind_ip_all', '--port', String(port), '--wiredTigerCacheSizeGB', '1'],
  ],
  elasticsearch: (port, name) => [
    ...['-p', `127.0.0.1:${port}:9200`, '-v', `${name}:/usr/share/elasticsearch/data`],
    ...['-e', 'discovery.type=single-node', '-e', 'xpack.security.enabled=false'],
    ...['-e', 'cluster.routing.allocation.disk.threshold_enabled=false', '-e', 'ES_JAVA_OPTS=-Xms1g -Xmx1g'],
    IMAGES.elasticsearch,
  ],
};

/** @param {'mongodb' | 'elasticsearch'} name @param {number} port @returns {Promise<boolean>} */
export async function isContainerRunning(name, port) {
  const { code, stdout } = await docker(['inspect', '-f', '{{.State.Running}}', containerName(name, port)]);
  return code === 0 && stdout.trim() === 'true';
}

/** Starts the container, or the one that was stopped. @param {'mongodb' | 'elasticsearch'} name @param {number} port */
export async function startContainer(name, port) {
  const container = containerName(name, port);
  if ((await docker(['inspect', container])).code === 0) {
    await mustRun(['start', container], `starting ${container}`);
    return;
  }
  const args = ['run', '-d', '--name', container, '--label', LABEL, ...runArguments[name](port, container)];
  await mustRun(args, `starting ${container}`);
}

/** @param {'mongodb' | 'elasticsearch'} name @param {number} port */
export async function stopContainer(name, port) {
  await mustRun(['stop', '-t', '30', containerName(name, port)], `stopping ${containerName(name, port)}`);
}

/** @param {'mongodb' | 'elasticsearch'} name @param {number} port */
export async function removeContainer(name, port) {
  const container = containerName(name, port);
  await docker(['rm', '-f', '-v', container]);
  await docker(['volume', 'rm', '-f', container]);
}
