import type { Job } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import { worksOnJob } from '../generations/generation-plan.js';
import type { GenerationStore } from '../generations/generation-store.js';
import type { PartitionLease } from '../leases/partition-lease.js';
import type { JobCommand } from '../states/job-command.js';
import type { JobPage, JobQuery } from './job-query.js';
import type { JobReport } from './job-report.js';
import type { JobStore } from './job-store.js';
import type { NewJob } from './new-job.js';

export interface HeldJobsOptions {
  readonly jobs: JobStore;
  readonly generations: GenerationStore;
  /** Of the lead of a generation. */
  readonly lease: PartitionLease;
}

/**
 * The jobs, for the holder of a lease. It takes a job up before it writes to it; from then on nothing that a former holder
 * had on its way, or does when it thaws, changes the job. Everything throws JOB_LEASE_LOST once the lease is over.
 */
export class HeldJobs {
  constructor(private readonly options: HeldJobsOptions) {}

  /** @throws LockstepError JOB_UNKNOWN */
  async get(id: string): Promise<Job> {
    return this.jobs.get(id);
  }

  async list(query: JobQuery): Promise<JobPage> {
    return this.jobs.list(query);
  }

  async create(input: NewJob): Promise<Job> {
    return this.jobs.create(input);
  }

  /**
   * The job as it is when it is in our hands. One that is over is left as it is.
   * @throws LockstepError JOB_UNKNOWN; JOB_LEASE_LOST also when another generation works on the job
   */
  async takeUp(id: string): Promise<Job> {
    const { lease } = this.options;
    return this.jobs.takeUp(id, lease.token, () => this.prove(id));
  }

  /** @throws LockstepError JOB_STATE_CONFLICT; JOB_LEASE_LOST also when another holder has taken the job up */
  async command(id: string, command: JobCommand): Promise<Job> {
    return this.jobs.command(id, command, { lease: this.options.lease.token });
  }

  /** @throws LockstepError JOB_LEASE_LOST also when another holder has taken the job up */
  async report(id: string, report: JobReport): Promise<Job> {
    return this.jobs.report(id, report, { lease: this.options.lease.token });
  }

  private get jobs(): JobStore {
    const { jobs, lease } = this.options;
    if (!lease.isHeld()) throw new LockstepError('JOB_LEASE_LOST');
    return jobs;
  }

  /**
   * That the job is ours is asked of what is stored, not of our clocks: the save is refused when the partition has another
   * holder, and which generation carries a job on stands in the plan alone.
   */
  private async prove(id: string): Promise<void> {
    const { generations, lease } = this.options;
    const { connectorId, generation } = lease.key;
    if (!worksOnJob(await generations.get(connectorId), generation, id)) {
      throw new LockstepError('JOB_LEASE_LOST', `another generation works on the job ${id}`);
    }
    await lease.save((state) => state);
  }
}
