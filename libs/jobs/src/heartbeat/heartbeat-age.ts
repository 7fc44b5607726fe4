import type { Clock } from '@lockstep/core';

/** One instant on both clocks, milliseconds. */
export interface Instant {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

/**
 * How old the last acknowledged beat is, counted from when it was *sent*: nobody can have seen it
 * earlier. The larger of both clocks counts: the monotonic one stands still while a machine is
 * suspended, the wall clock may be set back.
 */
export class HeartbeatAge {
  private sentAt: Instant | null = null;

  constructor(private readonly clock: Clock) {}

  now(): Instant {
    return { monotonicMs: this.clock.monotonicMs(), wallMs: this.clock.nowMs() };
  }

  acknowledged(sentAt: Instant): void {
    this.sentAt = sentAt;
  }

  /** No beat counts any more. */
  forget(): void {
    this.sentAt = null;
  }

  /** Milliseconds; Infinity before the first acknowledged beat. */
  ageMs(): number {
    if (this.sentAt === null) return Infinity;
    const now = this.now();
    return Math.max(now.monotonicMs - this.sentAt.monotonicMs, now.wallMs - this.sentAt.wallMs);
  }
}
