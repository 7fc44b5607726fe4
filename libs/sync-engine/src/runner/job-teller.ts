import type { Clock, LockstepError } from '@lockstep/core';
import type { EventSink, Job, JobType, PartitionState } from '@lockstep/contracts';
import type { HeldJobs, JobReport, PartitionLease } from '@lockstep/jobs';
import { sharedFigures } from '../progress/job-figures.js';
import type { JobMeter } from '../progress/job-meter.js';

/** A job that is worked for. */
export interface JobEntry {
  job: Job;
  meter: JobMeter;
}

export interface JobTellerOptions {
  readonly entries: ReadonlyMap<JobType, JobEntry>;
  readonly jobs: HeldJobs;
  readonly lease: PartitionLease;
  readonly events: EventSink;
  readonly clock: Clock;
  /** Shortest time between two reports into a job document, milliseconds. */
  readonly reportMs: number;
}

/** What is told of jobs: live, and in their documents. */
export class JobTeller {
  /** The other partitions of the generation, as of the last look. */
  shares: readonly PartitionState[] = [];
  private reportedAtMs = 0;
  private emittedAtMs = 0;

  constructor(private readonly options: JobTellerOptions) {}

  /** Tells live figures, at most once a second. */
  tell(isForced = false): void {
    const now = this.options.clock.monotonicMs();
    if (!isForced && now - this.emittedAtMs < 1_000) return;
    this.emittedAtMs = now;
    for (const entry of this.options.entries.values()) this.emit(entry);
  }

  /** Tells live figures, and stores them now and then. */
  async report(force: boolean): Promise<void> {
    this.tell(force);
    const now = this.options.clock.monotonicMs();
    if (!force && now - this.reportedAtMs < this.options.reportMs) return;
    this.reportedAtMs = now;
    for (const entry of this.options.entries.values()) {
      const snapshot = this.snapshot(entry);
      const isSame =
        JSON.stringify(snapshot.counters) === JSON.stringify(entry.job.counters) &&
        snapshot.progress.done === entry.job.progress.done &&
        snapshot.progress.lagMs === entry.job.progress.lagMs &&
        snapshot.progress.phase === entry.job.progress.phase;
      if (!isSame) entry.job = await this.options.jobs.report(entry.job.id, snapshot);
    }
  }

  emit(entry: JobEntry): void {
    this.options.events.emit({
      type: 'job.progressed',
      connectorId: entry.job.connectorId,
      jobId: entry.job.id,
      jobType: entry.job.type,
      ...this.snapshot(entry),
    });
  }

  /** The figures of a job as they are now, with what the other partitions have done. */
  snapshot({ job, meter }: JobEntry): Required<Pick<JobReport, 'progress' | 'counters'>> {
    const { counters, changes } = sharedFigures(this.options.lease.state, this.shares, job);
    const progress = meter.progress(changes);
    const lags = this.shares.flatMap(({ lagMs }) => lagMs ?? []);
    if (job.type !== 'stream_sync' || lags.length === 0) return { counters, progress };
    return { counters, progress: { ...progress, lagMs: Math.max(progress.lagMs ?? 0, ...lags) } };
  }

  /** Tells in the job's document what stands in its way. */
  async trouble(entry: JobEntry, error: LockstepError | null, report: JobReport): Promise<void> {
    entry.job = await this.options.jobs.report(entry.job.id, {
      ...report,
      error: error === null ? null : { code: error.code, message: error.message },
    });
  }
}
