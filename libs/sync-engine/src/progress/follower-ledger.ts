import type { Clock } from '@lockstep/core';
import { NO_COUNTERS, NO_PROGRESS, type Job, type JobType, type PartitionState } from '@lockstep/contracts';
import type { PartitionLease } from '@lockstep/jobs';
import type { CountedJob, JobWork } from './job-figures.js';
import { JobMeter } from './job-meter.js';
import type { WorkLedger } from './work-ledger.js';

export interface FollowerLedgerOptions {
  readonly lease: PartitionLease;
  readonly clock: Clock;
  /** Shortest time between two reports, milliseconds. */
  readonly reportMs: number;
}

/**
 * What a partition that is not the lead does for the lead's jobs. It is kept in the partition's document; the lead adds
 * it to its own and tells it.
 */
export class FollowerLedger implements WorkLedger {
  readonly shares: readonly PartitionState[] = [];
  private readonly meters: Readonly<Record<'bulk_sync' | 'stream_sync', JobMeter>>;
  private reportedAtMs = -Infinity;

  constructor(private readonly options: FollowerLedgerOptions) {
    const { clock } = options;
    this.meters = {
      bulk_sync: new JobMeter(clock, { type: 'bulk_sync', progress: NO_PROGRESS }),
      stream_sync: new JobMeter(clock, { type: 'stream_sync', progress: NO_PROGRESS }),
    };
  }

  get bulk(): Pick<Job, 'id'> | null {
    const id = this.options.lease.state.bulkJobId;
    return id === null ? null : { id };
  }

  jobFor(type: JobType): CountedJob | undefined {
    const bulk = this.counted('bulk_sync');
    const stream = this.counted('stream_sync');
    return type === 'bulk_sync' ? (bulk ?? stream) : (stream ?? bulk);
  }

  meter(type: JobType): JobMeter {
    return this.meters[type === 'bulk_sync' ? 'bulk_sync' : 'stream_sync'];
  }

  applied(changes: number): readonly JobWork[] {
    const job = this.counted('stream_sync');
    return job === undefined ? [] : [{ job, changes }];
  }

  /** The lead tells, for all partitions: by what is stored. */
  tell(): void {
    void this.report().catch(() => undefined);
  }

  async report(): Promise<void> {
    const { lease, clock, reportMs } = this.options;
    const now = clock.monotonicMs();
    const { lagMs } = this.meters.stream_sync.progress(0);
    if (now - this.reportedAtMs < reportMs || lagMs === (lease.state.lagMs ?? null)) return;
    this.reportedAtMs = now;
    await lease.save((state) => ({ ...state, lagMs }));
  }

  /** The partition's own share begins at nothing, wherever the job stands. */
  private counted(type: 'bulk_sync' | 'stream_sync'): CountedJob | undefined {
    const { bulkJobId, streamJobId } = this.options.lease.state;
    const id = type === 'bulk_sync' ? bulkJobId : streamJobId;
    return id === null ? undefined : { id, type, counters: NO_COUNTERS, progress: { done: 0 } };
  }
}
