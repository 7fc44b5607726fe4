import { ElasticsearchFaultProxy, TcpFaultProxy, type LockstepInstance, type ServiceProcess } from '@lockstep/testing';

/** Quick enough that a soak sees many takeovers, slow enough for a busy machine. */
const ENVIRONMENT = {
  LOCKSTEP_LEASE_TTL_MS: '8000',
  LOCKSTEP_HEARTBEAT_INTERVAL_MS: '1000',
  LOCKSTEP_POLL_INTERVAL_MS: '300',
  LOCKSTEP_SCAN_TURN_MS: '500',
  // Workers are killed too often for anybody to live through a trial.
  LOCKSTEP_QUARANTINE_AFTER: '0',
};

/** A place for a worker, with a way to Elasticsearch of its own that can break. */
export class WorkerSlot {
  private constructor(
    private readonly lockstep: LockstepInstance,
    readonly index: number,
    readonly tcp: TcpFaultProxy,
    readonly http: ElasticsearchFaultProxy,
  ) {}

  private lives = 0;
  private current: ServiceProcess | null = null;

  static async open(lockstep: LockstepInstance, index: number, elasticsearchPort: number): Promise<WorkerSlot> {
    const tcp = await TcpFaultProxy.start(elasticsearchPort);
    const http = await ElasticsearchFaultProxy.start(`http://127.0.0.1:${tcp.port}`);
    return new WorkerSlot(lockstep, index, tcp, http);
  }

  /** The first place keeps its worker's id, the others have a new one at every start. */
  get workerId(): string {
    return this.index === 0 ? 'soak-0' : `soak-${this.index}-${this.lives}`;
  }

  get process(): ServiceProcess {
    if (this.current === null) throw new Error(`worker ${this.index} was never started`);
    return this.current;
  }

  /** Starts the worker again where it has ended by itself. @returns the end of its output then, else null */
  async revive(): Promise<string | null> {
    if (this.process.isRunning) return null;
    const last = this.process.output.slice(-1_000);
    await this.launch();
    return last;
  }

  async launch(): Promise<void> {
    this.lives += 1;
    this.current = await this.lockstep.launchWorker({
      ...ENVIRONMENT,
      LOCKSTEP_ELASTICSEARCH_URL: this.http.url,
      LOCKSTEP_WORKER_ID: this.workerId,
    });
  }

  heal(): void {
    this.http.heal();
    this.tcp.heal();
    // What a black hole has swallowed never comes: only new connections work.
    this.tcp.cutAll();
  }

  async close(): Promise<void> {
    await this.http.stop();
    await this.tcp.stop();
  }
}
