import { spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StackError } from './progress.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { handOver, serverUser } from './server-user.mjs';

const START_TIMEOUT_MS = 240_000;
const COPIED = ['log4j2.properties', 'role_mapping.yml', 'roles.yml', 'users', 'users_roles'];

/** JVM options of the distribution that hold for us; its log files and heap dumps would fill the disk. */
const JVM_OPTIONS = [
  '-XX:+UseG1GC',
  '-Djava.io.tmpdir=${ES_TMPDIR}',
  '-XX:+ExitOnOutOfMemoryError',
  '-XX:ErrorFile=hs_err_pid%p.log',
];
/** Of two cores, the second compiler takes half of one for minutes: what it gives comes back to servers of hours alone. */
const QUICK_START = '-XX:TieredStopAtLevel=1';
const VECTOR_MODULE = 'jdk.incubator.vector';

/**
 * Starts one Elasticsearch node and waits until its HTTP port answers. The process outlives this one; its id is in
 * `elasticsearch.pid`.
 * @param {object} options
 * @param {string} options.home
 * @param {string} options.javaHome
 * @param {string} options.folder configuration, data, logs and pid file go there; handed over to the server's user
 * @param {number} options.port
 * @param {number} options.transportPort
 * @param {number} [options.heapMb]
 * @param {boolean} [options.isShortLived] lives for minutes: it starts faster, and is slower than it could become
 * @param {Readonly<Record<string, string | number | boolean>>} [options.settings] on top of the defaults
 * @param {Readonly<Record<string, string>>} [options.files] written into the configuration folder
 * @param {string} [options.bootstrapPassword] of the user `elastic`, where security is on
 * @returns {Promise<number>} process id
 */
export async function launchElasticsearch(options) {
  const { home, javaHome, folder, heapMb = 1024 } = options;
  const pidFile = join(folder, 'elasticsearch.pid');
  await rm(pidFile, { force: true });
  await writeConfiguration(options);
  await handOver(folder);
  const user = (await serverUser()) ?? {};
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    ES_JAVA_HOME: javaHome,
    ES_PATH_CONF: join(folder, 'config'),
    ES_TMPDIR: join(folder, 'tmp'),
    ES_JAVA_OPTS: `-Xms${heapMb}m -Xmx${heapMb}m`,
  };
  if (options.bootstrapPassword !== undefined) await addBootstrapPassword({ ...options, env, user });
  const output = await open(join(folder, 'start.log'), 'w');
  try {
    const child = spawn(join(home, 'bin', 'elasticsearch'), ['-d', '-p', pidFile], {
      ...user,
      cwd: folder,
      env,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    // With `-d` the launcher ends with 0 once the node is up, and with another code once it has failed.
    const code = await exitCode(child);
    if (code !== 0) throw new StackError(`Elasticsearch did not start: ${await reason(folder)}`);
  } finally {
    await output.close();
  }
  return waitForPid(pidFile);
}

async function writeConfiguration(options) {
  const { home, javaHome, folder, port, transportPort, isShortLived = false, settings = {}, files = {} } = options;
  const config = join(folder, 'config');
  for (const name of ['config', 'config/jvm.options.d', 'data', 'logs', 'tmp']) {
    await mkdir(join(folder, name), { recursive: true, mode: 0o755 });
  }
  await chmod(folder, 0o755);
  for (const name of COPIED) await copyFile(join(home, 'config', name), join(config, name));
  const all = {
    'cluster.name': 'lockstep',
    'node.name': 'lockstep-1',
    'discovery.type': 'single-node',
    'network.host': '127.0.0.1',
    'http.port': port,
    'transport.port': transportPort,
    'path.data': join(folder, 'data'),
    'path.logs': join(folder, 'logs'),
    'xpack.security.enabled': false,
    // A nearly full disk would otherwise block every index, on a developer's machine for no good reason.
    'cluster.routing.allocation.disk.threshold_enabled': false,
    ...settings,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== undefined);
  await writeFile(
    join(config, 'elasticsearch.yml'),
    lines.map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join(''),
  );
  const jvmOptions = isShortLived ? [...JVM_OPTIONS, QUICK_START] : [...JVM_OPTIONS];
  if (await hasVectorModule(javaHome)) jvmOptions.push(`20-:--add-modules=${VECTOR_MODULE}`);
  await writeFile(join(config, 'jvm.options'), `${jvmOptions.join('\n')}\n`);
  for (const [name, content] of Object.entries(files)) await writeFile(join(config, name), content);
}

/** A runtime that was made smaller may lack it; a JVM that is asked for a module that it has not does not start. */
async function hasVectorModule(javaHome) {
  const release = await readFile(join(javaHome, 'release'), 'utf8').catch(() => '');
  const modules = /^MODULES="(.*)"$/m.exec(release)?.[1];
  return modules === undefined || modules.split(' ').includes(VECTOR_MODULE);
}

async function addBootstrapPassword({ home, folder, env, user, bootstrapPassword }) {
  const keystore = (args, input) =>
    runCommand(join(home, 'bin', 'elasticsearch-keystore'), args, { ...user, cwd: folder, env, input });
  const added = await keystore(['add', '-x', '-f', 'bootstrap.password'], bootstrapPassword);
  if (added.code !== 0) throw new StackError(`elasticsearch-keystore failed: ${lastLines(added.stderr)}`);
}

function exitCode(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new StackError(`Elasticsearch did not start in ${START_TIMEOUT_MS / 1000} s`));
    }, START_TIMEOUT_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code ?? 1);
    });
  });
}

async function reason(folder) {
  const text = await readFile(join(folder, 'start.log'), 'utf8').catch(() => '');
  const errors = text.split('\n').filter((line) => /ERROR|Exception|fatal/i.test(line));
  return errors.length > 0 ? lastLines(errors.slice(0, 2).join('\n')) : lastLines(text) || `see ${folder}/logs`;
}

async function waitForPid(pidFile) {
  const deadlineMs = performance.now() + 10_000;
  for (;;) {
    const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
    if (pid > 0) return pid;
    if (performance.now() > deadlineMs) throw new StackError(`Elasticsearch wrote no ${pidFile}`);
    await delay(50);
  }
}
