import type { Clock } from '@lockstep/core';
import type { WorkerDirectory } from '@lockstep/jobs';
import { excess, mayClaim, type ShareView } from './fair-share.js';

export interface ShareKeeperOptions {
  readonly directory: Pick<WorkerDirectory, 'list'>;
  /** The worker that looks; its id stays. */
  readonly workerId: () => string;
  readonly clock: Clock;
}

/** Longer than the loads of others are old: a beat, and what a search lags behind. */
const SETTLED_AFTER_MS = 5_000;

/** Nobody lets work lie because others should be first: free for so long, it is anybody's. */
const CLAIMED_BY_ANYBODY_AFTER_MS = 5_000;

/** After taking what others left lying, milliseconds: whatever keeps them from it, it is not handed to and fro. */
const KEEPS_FOR_MS = 60_000;

/**
 * Spreads the partitions evenly over the living workers: says whether this one takes another, and how many it
 * gives back when workers have come. A matter of speed only: what is right never hangs on it, leases see to that.
 */
export class ShareKeeper {
  private view: ShareView = { own: { workerId: '', held: 0 }, others: [], wanted: 0 };
  private unevenSinceMs: number | null = null;
  private keepsUntilMs = -Infinity;
  /** When a partition that others should take was first seen free, by partition. */
  private readonly freeSinceMs = new Map<string, number>();

  constructor(private readonly options: ShareKeeperOptions) {}

  /**
   * Looks at who lives and what they hold.
   * @param held partitions that this worker holds
   * @param wanted every partition that there is work for
   */
  async look(held: number, wanted: ReadonlySet<string>): Promise<void> {
    const workerId = this.options.workerId();
    const others = (await this.options.directory.list())
      .filter(({ id, isAlive }) => isAlive && id !== workerId)
      .map(({ id, partitions }) => ({ workerId: id, held: partitions.filter((one) => wanted.has(one)).length }));
    this.view = { own: { workerId, held }, others, wanted: wanted.size };
    for (const partition of this.freeSinceMs.keys()) if (!wanted.has(partition)) this.freeSinceMs.delete(partition);
  }

  /** Whether this worker asks for the partition's lease. @param isFree whether anybody could have it */
  async mayClaim(partition: string, isFree: () => Promise<boolean>): Promise<boolean> {
    if (mayClaim(this.view)) return true;
    const now = this.options.clock.monotonicMs();
    // Asked in any case: it is how a holder that is gone is found out in time.
    if (!(await isFree())) this.freeSinceMs.delete(partition);
    else if (!this.freeSinceMs.has(partition)) this.freeSinceMs.set(partition, now);
    return now - (this.freeSinceMs.get(partition) ?? Infinity) >= CLAIMED_BY_ANYBODY_AFTER_MS;
  }

  /** The lease of the partition has come to this worker. */
  claimed(partition: string): void {
    if (this.freeSinceMs.delete(partition)) this.keepsUntilMs = this.options.clock.monotonicMs() + KEEPS_FOR_MS;
    this.view = { ...this.view, own: { ...this.view.own, held: this.view.own.held + 1 } };
  }

  /** How many partitions this worker is to give back now: what is uneven has to stay so for a while. */
  due(): number {
    const now = this.options.clock.monotonicMs();
    const count = now < this.keepsUntilMs ? 0 : excess(this.view);
    if (count === 0) {
      this.unevenSinceMs = null;
      return 0;
    }
    this.unevenSinceMs ??= now;
    if (now - this.unevenSinceMs < SETTLED_AFTER_MS) return 0;
    this.unevenSinceMs = null;
    return count;
  }
}
