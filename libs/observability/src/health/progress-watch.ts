import { systemClock, type Clock } from '@lockstep/core';
import type { CheckResult } from './health-register.js';

/**
 * Liveness of a loop: it says `progressed` every time round, and the check fails when it has not for too
 * long. A wedged process is found this way, one that merely has nothing to do is not.
 */
export class ProgressWatch {
  private lastMs: number;

  /** @param allowedMs the longest time between two rounds, milliseconds */
  constructor(
    private readonly allowedMs: number,
    private readonly clock: Clock = systemClock,
  ) {
    this.lastMs = clock.monotonicMs();
  }

  progressed(): void {
    this.lastMs = this.clock.monotonicMs();
  }

  check(): CheckResult {
    const ageMs = Math.round(this.clock.monotonicMs() - this.lastMs);
    return { isHealthy: ageMs < this.allowedMs, detail: `last progress ${ageMs} ms ago` };
  }
}
