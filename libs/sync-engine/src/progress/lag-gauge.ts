import { clusterTimeSeconds, type ClusterTime } from '@lockstep/core';
import type { ChangeBatch } from '@lockstep/contracts';

/** A source answers at least every second: after so long without, nobody knows what it has, milliseconds. */
const SILENCE_MS = 5_000;

/** A reply with changes that are not acknowledged yet. */
interface Open {
  readonly tokenTime: ClusterTime;
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
  private readonly open: Open[] = [];
  private lastMs: number | null = null;
  private heardAtMs = 0;

  /** A reply came in. Replies come in the order of their tokens. */
  arrived(batch: Pick<ChangeBatch, 'events' | 'tokenTime' | 'operationTime'>, nowMs: number): void {
    const behindMs = behind(batch);
    this.heardAtMs = nowMs;
    if (batch.events.length > 0) this.open.push({ tokenTime: batch.tokenTime, behindMs, arrivedAtMs: nowMs });
    else if (this.open.length === 0) this.lastMs = behindMs;
  }

  /** Everything up to the token is acknowledged. */
  acknowledged(tokenTime: ClusterTime, nowMs: number): void {
    for (let first = this.open[0]; first !== undefined && first.tokenTime <= tokenTime; first = this.open[0]) {
      this.lastMs = first.behindMs + nowMs - first.arrivedAtMs;
      this.open.shift();
    }
  }

  /** Milliseconds, a lower bound; null until something is known. */
  measure(nowMs: number): number | null {
    const [oldest] = this.open;
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
