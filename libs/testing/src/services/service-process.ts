import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually.js';
import { httpJson, httpText } from '../http-json.js';

/** Root of the repository: tests run from there. */
const REPOSITORY = process.cwd();

export type AppName = 'admin-api' | 'connector-worker';

export interface ServiceOptions {
  readonly app: AppName;
  readonly port: number;
  /** `LOCKSTEP_*` variables; nothing of the test's own environment but PATH is handed on. */
  readonly env: Readonly<Record<string, string>>;
}

/** A built service as a process of its own, the way users run it. */
export class ServiceProcess {
  private child: ChildProcess | null = null;
  private readonly lines: string[] = [];

  constructor(private readonly options: ServiceOptions) {}

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error(`${this.options.app} is not running`);
    return this.child.pid;
  }

  /** Everything the process printed. */
  get output(): string {
    return this.lines.join('');
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts the process and waits until it says that it is ready. */
  async start(): Promise<void> {
    this.launch();
    await this.untilReady();
  }

  async untilReady(): Promise<void> {
    await eventually(async () => (await httpJson(`${this.url}/health/ready`)).status === 200 || this.throwIfDead(), {
      timeoutMs: 60_000,
      what: `${this.options.app} to be ready`,
    });
  }

  /** Starts the process without waiting. */
  launch(): void {
    const main = join(REPOSITORY, 'dist', 'apps', this.options.app, 'src', 'main.js');
    if (!existsSync(main)) throw new Error(`${main} is missing: run make build first`);
    const child = spawn(process.execPath, [main], {
      cwd: REPOSITORY,
      env: { PATH: process.env.PATH, ...this.options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.lines.push(text));
    }
    this.child = child;
  }

  /** @returns the exit code, or the signal that ended the process */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (this.isRunning) this.kill(signal);
    return this.ended();
  }

  /** Waits for the end of the process. @returns the exit code, or the signal that ended it */
  async ended(): Promise<number | string> {
    const { child } = this;
    if (child === null) return 0;
    if (this.isRunning) await new Promise((resolve) => child.once('exit', resolve));
    return child.exitCode ?? child.signalCode ?? 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** The sum of all series of a metric that the service serves; 0 where there is none. */
  async metric(name: string): Promise<number> {
    const { body } = await httpText(`${this.url}/metrics`);
    const series = body.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return series.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }

  private throwIfDead(): false {
    if (!this.isRunning) throw new Error(`${this.options.app} ended: ${this.output.slice(-2_000)}`);
    return false;
  }
}
