import { httpJson } from '@lockstep/testing';

interface StoredLease {
  readonly epoch: number;
  readonly lease: { readonly workerId: string } | null;
}

interface StoredPlan {
  readonly plan: { readonly generations: readonly { readonly number: number; readonly state: string }[] };
}

/** A partition that was without its holder until another one took it over. */
export interface Takeover {
  readonly cause: string;
  readonly tookMs: number;
}

interface Orphaned {
  readonly cause: string;
  readonly workerId: string;
  readonly epoch: number;
  readonly sinceMs: number;
}

interface StoredAnswer<T> {
  readonly _id: string;
  readonly found: boolean;
  readonly _source: T;
}

const LOOK_MS = 200;
/** Nobody holds a generation in one of these states for long. */
const AT_REST = ['retired', 'discarding'];

/** Watches the leases of partitions: how long each was without a holder, and that no epoch ever falls. */
export class LeaseWatch {
  readonly takeovers: Takeover[] = [];
  /** What must never be. */
  readonly violations: string[] = [];
  private readonly known = new Map<string, StoredLease>();
  private readonly orphaned = new Map<string, Orphaned>();
  private timer: NodeJS.Timeout | null = null;
  private isLooking = false;

  constructor(
    private readonly stateUrl: string,
    private readonly connectorIds: readonly string[],
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.lookOnce(), LOOK_MS);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** A worker is gone, or cannot work. */
  left(workerId: string, cause: string): void {
    for (const [partition, { lease, epoch }] of this.known) {
      if (lease?.workerId !== workerId || this.orphaned.has(partition)) continue;
      this.orphaned.set(partition, { cause, workerId, epoch, sinceMs: performance.now() });
    }
  }

  /** A worker that could not work goes on; what nobody has taken over is still its own. */
  cameBack(workerId: string): void {
    for (const [partition, one] of this.orphaned) if (one.workerId === workerId) this.orphaned.delete(partition);
  }

  /** Nobody is to hold the connector for a while: what is not taken over now is not late. */
  forget(connectorId: string): void {
    for (const partition of this.orphaned.keys()) {
      if (partition.startsWith(`${connectorId}:`)) this.orphaned.delete(partition);
    }
  }

  /** One look at a time: an older answer must not come behind a newer one. */
  private async lookOnce(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    // Elasticsearch is away now and then.
    await this.look().catch(() => undefined);
    this.isLooking = false;
  }

  private async look(): Promise<void> {
    const active = await this.activePartitions();
    for (const partition of [...this.known.keys()]) if (!active.includes(partition)) this.drop(partition);
    for (const { _id, found, _source } of await this.read<StoredLease>(active)) if (found) this.saw(_id, _source);
  }

  private saw(partition: string, stored: StoredLease): void {
    const before = this.known.get(partition);
    if (before !== undefined && stored.epoch < before.epoch) {
      this.violations.push(`the epoch of ${partition} fell from ${before.epoch} to ${stored.epoch}`);
    }
    this.known.set(partition, stored);
    const orphan = this.orphaned.get(partition);
    if (orphan === undefined || stored.lease === null || stored.epoch <= orphan.epoch) return;
    this.orphaned.delete(partition);
    this.takeovers.push({ cause: orphan.cause, tookMs: performance.now() - orphan.sinceMs });
  }

  private drop(partition: string): void {
    this.known.delete(partition);
    this.orphaned.delete(partition);
  }

  /** Each generation that serves, or is on its way to, has one partition. */
  private async activePartitions(): Promise<readonly string[]> {
    const plans = await this.read<StoredPlan>(this.connectorIds.map((id) => `${id}:generations`));
    return plans.flatMap(({ found, _source }, at) => {
      const numbers = found
        ? _source.plan.generations.filter(({ state }) => !AT_REST.includes(state)).map(({ number }) => number)
        : [1];
      return numbers.map((number) => `${this.connectorIds[at]}:${number}:0`);
    });
  }

  private async read<T>(ids: readonly string[]): Promise<readonly StoredAnswer<T>[]> {
    const answer = await httpJson(`${this.stateUrl}/_mget`, { body: { ids }, timeoutMs: 2_000 });
    if (answer.status !== 200) throw new Error(`the state of leases: ${answer.status}`);
    return answer.body.docs as StoredAnswer<T>[];
  }
}
