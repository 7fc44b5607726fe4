import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dockerAnswers } from '../stack/docker-engine.mjs';
import { endProcess, isAlive } from '../stack/processes.mjs';
import { StackError, step } from '../stack/progress.mjs';
import { lastLines, runCommand } from '../stack/run-command.mjs';
import { environmentOf, mustRun, provideEnginePackages } from './engine-packages.mjs';

const START_TIMEOUT_MS = 60_000;

/**
 * A container engine to try the images with.
 * @typedef {object} Engine
 * @property {boolean} isPrivate without images and without a way to any registry of images
 * @property {NodeJS.ProcessEnv} env of every command that talks to it
 * @property {readonly string[]} compose the compose command
 * @property {AbortSignal} signal ends the commands of a run that was told to stop
 * @property {() => Promise<void>} stop ends what was started here
 */

/** For commands of a run. @param {Engine} engine */
export const commandOptions = ({ env, signal }) => ({ env, signal });

/**
 * The engine of this machine where one answers, else one of our own in `folder`.
 * @param {string} folder empty, for this run only
 * @param {AbortSignal} signal
 * @returns {Promise<Engine>}
 */
export async function provideEngine(folder, signal) {
  if (await dockerAnswers()) {
    await mustRun('docker', ['compose', 'version']);
    return { isPrivate: false, env: process.env, compose: ['docker', 'compose'], signal, stop: async () => undefined };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64' || process.getuid?.() !== 0) {
    throw new StackError('no container engine answers, and starting a private one needs root on Linux x86-64');
  }
  if ((await runCommand('apt-get', ['--version'])).code !== 0) {
    throw new StackError('no container engine answers, and a private one comes from Debian packages: start Docker');
  }
  return startPrivateEngine(folder, await provideEnginePackages(), signal);
}

/** @param {string} folder @param {string} root @param {AbortSignal} signal @returns {Promise<Engine>} */
async function startPrivateEngine(folder, root, signal) {
  const socket = `unix://${join(folder, 'docker.sock')}`;
  const env = {
    ...environmentOf(root),
    DOCKER_HOST: socket,
    DOCKER_CONFIG: join(folder, 'config'),
    // The builder and the client of these packages: BuildKit's are absent.
    DOCKER_BUILDKIT: '0',
    COMPOSE_DOCKER_CLI_BUILD: '0',
    COMPOSE_HTTP_TIMEOUT: '600',
  };
  await mkdir(env.DOCKER_CONFIG, { recursive: true });
  const log = join(folder, 'dockerd.log');
  const places = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  // No bridge, no firewall rules, no forwarding: published ports go through the proxy process, and nothing that belongs to
  // the machine is changed.
  const network = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false'];
  const output = await open(log, 'w');
  const child = spawn('dockerd', ['-H', socket, '--pidfile', join(folder, 'engine.pid'), ...places, ...network], {
    env,
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
  });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  await output.close();
  const pid = /** @type {number} */ (child.pid);
  const engine = {
    isPrivate: true,
    env,
    signal,
    compose: ['/usr/bin/python3', join(root, 'usr/bin/docker-compose')],
    stop: async () => {
      await step('stopping the private container engine', () => endProcess(pid, { graceMs: 60_000 }));
      await unmountBelow(folder);
    },
  };
  await step('starting a private container engine', () => waitForEngine({ pid, env, log })).catch(async (error) => {
    await engine.stop();
    throw error;
  });
  return engine;
}

async function waitForEngine({ pid, env, log }) {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while ((await runCommand('docker', ['version'], { env, timeoutMs: 5_000 })).code !== 0) {
    if (!isAlive(pid) || performance.now() > deadlineMs) {
      throw new StackError(`the engine did not start: ${lastLines(await readFile(log, 'utf8'), 3)}`);
    }
    await delay(200);
  }
}

/** Layers and network namespaces that are still mounted would keep the folder from being removed. */
async function unmountBelow(folder) {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`)).reverse()) {
    await runCommand('umount', ['-l', mount]);
  }
}
