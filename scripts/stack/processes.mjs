import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 100;

/** Whether a process of this id exists and is not just waiting to be reaped. @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // No /proc on this system: the signal's answer has to do.
    return true;
  }
}

/**
 * The process of a pid file, if it still is the one that wrote it: ids are reused after a reboot, so its command line
 * has to name `marker` (a path that only our server was given).
 * @param {string} pidFile
 * @param {string} marker
 * @returns {Promise<number | null>}
 */
export async function runningPid(pidFile, marker) {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!(pid > 0) || !isAlive(pid)) return null;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return commandLine === null || commandLine.includes(marker) ? pid : null;
}

/**
 * Ends a process: politely, then by force.
 * @param {number} pid
 * @param {{ graceMs?: number, signal?: NodeJS.Signals }} [options]
 */
export async function endProcess(pid, { graceMs = 30_000, signal = 'SIGTERM' } = {}) {
  if (!send(pid, signal)) return;
  if (await waitUntilGone(pid, graceMs)) return;
  send(pid, 'SIGKILL');
  await waitUntilGone(pid, 10_000);
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

async function waitUntilGone(pid, timeoutMs) {
  const deadlineMs = performance.now() + timeoutMs;
  while (isAlive(pid)) {
    if (performance.now() > deadlineMs) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** @param {string} pidFile @param {string} marker @returns {Promise<boolean>} whether something was running */
export async function endByPidFile(pidFile, marker) {
  const pid = await runningPid(pidFile, marker);
  if (pid !== null) await endProcess(pid);
  await rm(pidFile, { force: true });
  return pid !== null;
}

/** Whether somebody listens on this port of the loopback address. @param {number} port @returns {Promise<boolean>} */
export function isPortTaken(port) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    socket.setTimeout(2_000, () => finish(true));
    socket.on('connect', () => finish(true));
    socket.on('error', () => finish(false));
    function finish(taken) {
      socket.destroy();
      resolve(taken);
    }
  });
}

/** A port of the loopback address that is free now. @returns {Promise<number>} */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
