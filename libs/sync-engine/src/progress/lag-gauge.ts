import { clusterTimeSeconds, type ClusterTime } from '@lockstep/core';
import type { ChangeBatch } from '@lockstep/contracts';

/** A source answers at least every second: after so long without, nobody knows what it has, milliseconds. */
const SILENCE_MS = 5_000;

/** A reply that is not acknowledged yet. */
interface Open {
  readonly token: string;
  readonly tokenTime: ClusterTime;
  readonly hasChanges: boolean;
  /** How far behind the source's own clock the reply was, milliseconds. */
  readonly behindMs: number;
  readonly arrivedAtMs: number;
}

/**
 * How long changes take from the source to an acknowledgement of the target, in milliseconds: what a reply was
 * behind the source's own clock, and how long ago it came, by our monotonic clock. The two clocks are never
 * compared. Grows while changes wait; 0 only once the source has nothing more.
 */
export class LagGauge {
  private open: readonly Open[] = [];
  private lastMs: number | null = null;
  private heardAtMs = 0;

  /** A reply came in. Replies come in the order of their tokens. */
  arrived(batch: Pick<ChangeBatch, 'events' | 'token' | 'tokenTime' | 'operationTime'>, nowMs: number): void {
    const behindMs = behind(batch);
    const { token, tokenTime } = batch;
    const hasChanges = batch.events.length > 0;
    this.heardAtMs = nowMs;
    if (!hasChanges && this.oldestChanges === undefined) this.lastMs = behindMs;
    this.open = [...this.open, { token, tokenTime, hasChanges, behindMs, arrivedAtMs: nowMs }];
  }

  /**
   * Everything up to the token is acknowledged. All replies of one transaction share one time: only their tokens tell
   * which of them it was.
   */
  acknowledged({ token, tokenTime }: Pick<Open, 'token' | 'tokenTime'>, nowMs: number): void {
    const at = this.open.findLastIndex((one) => one.token === token || one.tokenTime < tokenTime);
    for (const { hasChanges, behindMs, arrivedAtMs } of this.open.slice(0, at + 1)) {
      if (hasChanges) this.lastMs = behindMs + nowMs - arrivedAtMs;
    }
    this.open = this.open.slice(at + 1);
  }

  private get oldestChanges(): Open | undefined {
    return this.open.find(({ hasChanges }) => hasChanges);
  }

  /** Milliseconds, a lower bound; null until something is known. */
  measure(nowMs: number): number | null {
    const oldest = this.oldestChanges;
    if (oldest !== undefined) return Math.round(oldest.behindMs + nowMs - oldest.arrivedAtMs);
    if (this.lastMs === null) return null;
    const silentMs = nowMs - this.heardAtMs;
    return Math.round(silentMs > SILENCE_MS ? this.lastMs + silentMs : this.lastMs);
  }
}

/** Cluster times tell whole seconds: two of them that differ by one can be a millisecond apart. */
function behind({ tokenTime, operationTime }: Pick<ChangeBatch, 'tokenTime' | 'operationTime'>): number {
  return Math.max(0, clusterTimeSeconds(operationTime) - clusterTimeSeconds(tokenTime) - 1) * 1_000;
}
