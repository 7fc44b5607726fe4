import type { Clock } from '@lockstep/core';
import type { Job, JobPhase, JobProgress, OplogHeadroom } from '@lockstep/contracts';
import { etaSeconds, RateMeter } from './rate-meter.js';

/** How far one job is, and how fast it gets on. Begins where the job document left off. */
export class JobMeter {
  private readonly isStream: boolean;
  private phase: JobPhase = 'starting';
  private done: number;
  private total: number | null;
  private lagMs: number | null = null;
  private headroomNow: OplogHeadroom | null = null;
  private rate = new RateMeter();

  constructor(
    private readonly clock: Clock,
    { type, progress }: Pick<Job, 'type' | 'progress'>,
  ) {
    this.isStream = type === 'stream_sync';
    this.done = progress.done;
    this.total = progress.total;
  }

  enter(phase: JobPhase): void {
    if (phase === this.phase) return;
    this.phase = phase;
    this.rate = new RateMeter();
  }

  /** @param done documents read, in all */
  reach(done: number, total: number | null): void {
    // A worker that takes over reads a few pages again: what was shown is not taken back.
    this.done = Math.max(this.done, done);
    this.total = total;
    this.rate.record(this.clock.monotonicMs(), done);
  }

  /** @param changes applied since the last call */
  advance(changes: number): void {
    this.reach(this.done + changes, this.total);
  }

  lag(lagMs: number | null): void {
    this.lagMs = lagMs;
  }

  headroom(headroom: OplogHeadroom | null): void {
    this.headroomNow = headroom;
  }

  /** @param changes that are counted for the job: a stream sync is as far as they say */
  progress(changes: number): JobProgress {
    this.rate.record(this.clock.monotonicMs(), this.done);
    const ratePerSecond = this.rate.perSecond();
    return {
      phase: this.phase,
      done: this.isStream ? changes : this.done,
      total: this.total,
      ratePerSecond: ratePerSecond === null ? null : Math.round(ratePerSecond * 10) / 10,
      etaSeconds: this.phase === 'scanning' ? etaSeconds(this.done, this.total, ratePerSecond) : null,
      lagMs: this.lagMs,
      headroom: this.headroomNow,
    };
  }
}
