/** What is stored of the lease of a partition. */
export interface SeenLease {
  readonly epoch: number;
  /** The epoch of who last took it from a holder that had not given it back. */
  readonly fence?: number;
  readonly lease: { readonly workerId: string } | null;
}

/** A partition, `<connector>:<generation>:<ordinal>`, as it was found. */
export interface SeenPartition {
  readonly id: string;
  /** Nobody is to hold it: its generation is retired, or has fewer parts by now. */
  readonly isAtRest: boolean;
  readonly stored: SeenLease;
}

/** SIGSTOP is a worker that freezes. */
export type Leaving = 'SIGKILL' | 'SIGTERM' | 'SIGSTOP';

/** A partition that was without its holder until another one took it over. */
export interface Takeover {
  readonly cause: Leaving;
  readonly tookMs: number;
}

interface Orphaned {
  readonly cause: Leaving;
  readonly workerId: string;
  readonly epoch: number;
  readonly sinceMs: number;
}

/** Keeps what is seen of partitions: how long each was without a holder, and that no epoch ever falls. */
export class LeaseLedger {
  readonly takeovers: Takeover[] = [];
  /** What must never be. */
  readonly violations: string[] = [];
  private readonly known = new Map<string, SeenPartition>();
  private readonly orphaned = new Map<string, Orphaned>();
  private readonly paused = new Set<string>();

  /** Partitions that were found so far, and are not forgotten. */
  get partitions(): readonly string[] {
    return [...this.known.keys()];
  }

  saw(partition: SeenPartition, nowMs: number): void {
    const { id, isAtRest, stored } = partition;
    const before = this.known.get(id)?.stored;
    if (before !== undefined && stored.epoch < before.epoch) {
      this.violations.push(`the epoch of ${id} fell from ${before.epoch} to ${stored.epoch}`);
    }
    this.known.set(id, partition);
    const orphan = this.orphaned.get(id);
    if (orphan === undefined) return;
    const hasHolder = stored.lease !== null && stored.epoch > orphan.epoch;
    if (!isAtRest && !hasHolder) return;
    this.orphaned.delete(id);
    if (!isAtRest && isTakeover(orphan, stored)) {
      this.takeovers.push({ cause: orphan.cause, tookMs: nowMs - orphan.sinceMs });
    }
  }

  /** The partition is deleted, and none will have its id again. */
  forget(id: string): void {
    this.known.delete(id);
    this.orphaned.delete(id);
  }

  /** A worker is gone, or cannot work. */
  left(workerId: string, cause: Leaving, nowMs: number): void {
    for (const [id, { isAtRest, stored }] of this.known) {
      if (stored.lease?.workerId !== workerId || isAtRest || this.orphaned.has(id) || this.isPaused(id)) continue;
      this.orphaned.set(id, { cause, workerId, epoch: stored.epoch, sinceMs: nowMs });
    }
  }

  /** A worker that was frozen goes on; what nobody has taken over is still its own. */
  cameBack(workerId: string): void {
    for (const [id, one] of this.orphaned) {
      if (one.workerId === workerId && one.cause === 'SIGSTOP') this.orphaned.delete(id);
    }
  }

  /** Nobody is to hold the connector: what is not taken over now is not late. */
  pause(connectorId: string): void {
    this.paused.add(connectorId);
    for (const id of this.orphaned.keys()) if (this.isPaused(id)) this.orphaned.delete(id);
  }

  resume(connectorId: string): void {
    this.paused.delete(connectorId);
  }

  private isPaused(id: string): boolean {
    return this.paused.has(id.slice(0, id.indexOf(':')));
  }
}

/** Whoever stops in order gives back what is claimed then; of the others, what they had given back is not theirs. */
function isTakeover({ cause, epoch }: Orphaned, { fence = 0 }: SeenLease): boolean {
  return cause === 'SIGTERM' || fence > epoch;
}
