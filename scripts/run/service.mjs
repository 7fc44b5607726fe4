import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.mjs';
import { endProcess } from '../stack/processes.mjs';
import { say } from '../stack/progress.mjs';
import { lastLines } from '../stack/run-command.mjs';
import { mainFileOf, serviceEnvironment } from './local-environment.mjs';

const LOGS = join(REPOSITORY, '.stack', 'logs');
const GRACE_MS = 20_000;

/** Ends the service when the process that started it ends in whatever way: waits for its own input to close. */
const KEEPER = 'cat >/dev/null; kill -TERM "$1" 2>/dev/null';

/** One of our services as a child process with its log in a file. A death is reported and nothing else is stopped. */
export class Service {
  #app;
  #child = null;
  #isStopping = false;

  /** @param {'admin-api' | 'connector-worker'} app */
  constructor(app) {
    this.#app = app;
    this.logFile = join(LOGS, `${app}.log`);
  }

  /** Process id, once started. */
  get pid() {
    return this.#child?.pid;
  }

  get isRunning() {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** @param {{ elasticsearchUrl: string }} stack */
  async start(stack) {
    await mkdir(LOGS, { recursive: true });
    const log = await open(this.logFile, 'w');
    this.#child = spawn(process.execPath, ['--enable-source-maps', mainFileOf(this.#app)], {
      cwd: REPOSITORY,
      env: serviceEnvironment(this.#app, stack),
      // Its own process group: Ctrl-C reaches this process only, which then stops its services in order.
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    this.#child.on('exit', (code, signal) => void this.#report(code, signal));
    const keeper = spawn('sh', ['-c', KEEPER, 'lockstep-keeper', String(this.#child.pid)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    keeper.unref();
    this.#child.on('exit', () => keeper.kill('SIGKILL'));
  }

  async stop() {
    this.#isStopping = true;
    if (this.isRunning) await endProcess(this.#child.pid, { graceMs: GRACE_MS });
  }

  async #report(code, signal) {
    if (this.#isStopping) return;
    const said = lastLines(await readFile(this.logFile, 'utf8').catch(() => ''), 1).slice(0, 500);
    say(
      `! ${this.#app} ended by itself (${signal ?? `exit code ${code}`}); the rest stays up. Last line of ${this.logFile}:`,
    );
    say(`  ${said}`);
  }
}
