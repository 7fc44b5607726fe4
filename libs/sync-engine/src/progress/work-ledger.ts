import type { Job, JobType, PartitionState } from '@lockstep/contracts';
import type { CountedJob, JobWork } from './job-figures.js';
import type { JobMeter } from './job-meter.js';

/** What turns count for, and where they tell how far they are. */
export interface WorkLedger {
  /** The bulk sync under way. */
  readonly bulk: Pick<Job, 'id'> | null;
  /** The other partitions of the generation, as of the last look; the lead knows them. */
  readonly shares: readonly PartitionState[];
  /** The job that a write counts for. */
  jobFor(type: JobType): CountedJob | undefined;
  meter(type: JobType): JobMeter | undefined;
  /** Changes of the stream are applied: counted with the position behind them. */
  applied(changes: number): readonly JobWork[];
  /** Tells live figures, at most once a second. */
  tell(): void;
  /** Tells live figures, and stores them now and then. */
  report(): Promise<void>;
}
