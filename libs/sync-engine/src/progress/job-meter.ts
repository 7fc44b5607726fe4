import type { Clock } from '@lockstep/core';
import {
  NO_COUNTERS,
  type JobCounters,
  type JobPhase,
  type JobProgress,
  type OplogHeadroom,
  type WriteResult,
} from '@lockstep/contracts';
import { etaSeconds, RateMeter } from './rate-meter.js';

/** Counts what one job did and how fast. Counters go on where the job document left off. */
export class JobMeter {
  private counters: JobCounters;
  private phase: JobPhase = 'starting';
  private done: number;
  private total: number | null = null;
  private lagMs: number | null = null;
  private headroomNow: OplogHeadroom | null = null;
  private rate = new RateMeter();

  constructor(
    private readonly clock: Clock,
    base: { readonly counters: JobCounters; readonly done: number; readonly total: number | null } = {
      counters: NO_COUNTERS,
      done: 0,
      total: null,
    },
  ) {
    this.counters = base.counters;
    this.done = base.done;
    this.total = base.total;
  }

  wrote(result: WriteResult): void {
    const { counters } = this;
    this.counters = {
      indexed: counters.indexed + result.indexed,
      deleted: counters.deleted + result.deleted,
      skipped: counters.skipped,
      deadLettered: counters.deadLettered + result.deadLettered,
      retried: counters.retried + result.retried,
      conflicts: counters.conflicts + result.conflicts,
    };
  }

  enter(phase: JobPhase): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.rate = new RateMeter();
  }

  /** @param done documents read or changes applied, in all */
  reach(done: number, total: number | null): void {
    // A worker that takes over reads a few pages again: what was shown is not taken back.
    this.done = Math.max(this.done, done);
    this.total = total;
    this.rate.record(this.clock.monotonicMs(), done);
  }

  advance(by: number): void {
    this.reach(this.done + by, this.total);
  }

  lag(lagMs: number | null): void {
    this.lagMs = lagMs;
  }

  headroom(headroom: OplogHeadroom): void {
    this.headroomNow = headroom;
  }

  snapshot(): { readonly progress: JobProgress; readonly counters: JobCounters } {
    this.rate.record(this.clock.monotonicMs(), this.done);
    const ratePerSecond = this.rate.perSecond();
    return {
      counters: this.counters,
      progress: {
        phase: this.phase,
        done: this.done,
        total: this.total,
        ratePerSecond: ratePerSecond === null ? null : Math.round(ratePerSecond * 10) / 10,
        etaSeconds: this.phase === 'scanning' ? etaSeconds(this.done, this.total, ratePerSecond) : null,
        lagMs: this.lagMs,
        headroom: this.headroomNow,
      },
    };
  }
}
