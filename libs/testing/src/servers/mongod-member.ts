import { cp, rm } from 'node:fs/promises';
import { endProcess, isAlive, launchMongod, type MongodLaunch } from '../../../../scripts/stack/index.mjs';

/** One `mongod` process that a test started. Its data survive `kill` and `restart`. */
export class MongodMember {
  readonly #launch: MongodLaunch;
  #pid: number | null = null;

  constructor(launch: MongodLaunch) {
    this.#launch = launch;
  }

  /** `127.0.0.1:<port>`, the name that it has in its replica set. */
  get host(): string {
    return `127.0.0.1:${this.#launch.port}`;
  }

  get port(): number {
    return this.#launch.port;
  }

  get isRunning(): boolean {
    return this.#pid !== null && isAlive(this.#pid);
  }

  async start(): Promise<void> {
    if (!this.isRunning) this.#pid = await launchMongod(this.#launch);
  }

  /** Ends it by SIGKILL, as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it in an orderly way. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Ends it (SIGKILL unless told otherwise) and starts it again on the same port and data. */
  async restart(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    await this.#end(signal);
    await this.start();
  }

  /** Copies its data as they are; only while it is stopped. */
  async backUp(): Promise<void> {
    this.#refuseRunning();
    await cp(this.#launch.folder, this.#backup, { recursive: true });
  }

  /** Puts the data of the last backup in the place of its own; only while it is stopped. */
  async restoreBackup(): Promise<void> {
    this.#refuseRunning();
    await rm(this.#launch.folder, { recursive: true });
    await cp(this.#backup, this.#launch.folder, { recursive: true });
  }

  /** Freezes it: connections stay open and nothing answers. */
  freeze(): void {
    if (this.#pid !== null) process.kill(this.#pid, 'SIGSTOP');
  }

  thaw(): void {
    if (this.#pid !== null) process.kill(this.#pid, 'SIGCONT');
  }

  get #backup(): string {
    return `${this.#launch.folder}-backup`;
  }

  #refuseRunning(): void {
    if (this.isRunning) throw new Error('the data of a running server are no backup');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#pid === null) return;
    await endProcess(this.#pid, { signal });
    this.#pid = null;
  }
}
