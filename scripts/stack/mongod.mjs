import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, isPortTaken } from './processes.mjs';
import { StackError } from './progress.mjs';

const START_TIMEOUT_MS = 60_000;

/**
 * Starts one `mongod` and waits until it takes connections. The process outlives this one; its id is in `mongod.pid`.
 * @param {object} options
 * @param {string} options.mongod path of the program
 * @param {string} options.folder data, log and pid file go there
 * @param {number} options.port
 * @param {string | null} [options.replicaSet] null = standalone
 * @param {number} [options.oplogSizeMb]
 * @param {number} [options.cacheGb] WiredTiger's cache
 * @param {readonly string[]} [options.setParameters] `name=value`
 * @param {string} [options.keyFile] turns access control on; members of a set share it
 * @returns {Promise<number>} process id
 */
export async function launchMongod({
  mongod,
  folder,
  port,
  replicaSet,
  oplogSizeMb,
  cacheGb = 0.5,
  setParameters = [],
  keyFile,
}) {
  const data = join(folder, 'db');
  const log = join(folder, 'mongod.log');
  await mkdir(data, { recursive: true });
  const args = ['--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', data, '--logpath', log, '--logappend'];
  args.push('--nounixsocket', '--wiredTigerCacheSizeGB', String(cacheGb));
  if (replicaSet) args.push('--replSet', replicaSet);
  if (oplogSizeMb !== undefined) args.push('--oplogSize', String(oplogSizeMb));
  if (keyFile !== undefined) args.push('--auth', '--keyFile', keyFile);
  for (const parameter of setParameters) args.push('--setParameter', parameter);
  const child = spawn(mongod, args, { detached: true, stdio: 'ignore' });
  await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  await writeFile(join(folder, 'mongod.pid'), String(child.pid));
  await waitForPort({ pid: child.pid, port, log });
  return child.pid;
}

async function waitForPort({ pid, port, log }) {
  const deadlineMs = performance.now() + START_TIMEOUT_MS;
  while (!(await isPortTaken(port))) {
    if (!isAlive(pid)) throw new StackError(`mongod ended at once: ${await lastFault(log)}`);
    if (performance.now() > deadlineMs) throw new StackError(`mongod did not answer in 60 s; see ${log}`);
    await delay(50);
  }
}

/** The last error line of the server's JSON log. */
async function lastFault(log) {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  const fault = lines.reverse().find((line) => /"s":"[EF]"/.test(line));
  return fault === undefined ? `see ${log}` : fault.slice(0, 400);
}
