import { Injectable } from '@nestjs/common';
import { ConnectorStore } from '@lockstep/config-store';
import type { Job } from '@lockstep/contracts';
import { hasCode } from '@lockstep/core';
import {
  carriesConnector,
  GenerationStore,
  isTerminal,
  JobStore,
  PartitionStore,
  servingGeneration,
  WorkerDirectory,
} from '@lockstep/jobs';
import { isHeld } from '../connectors/connector-status.js';

/** Cancels jobs, also those that no worker is there to end. */
@Injectable()
export class JobCancellation {
  constructor(
    private readonly jobs: JobStore,
    private readonly connectors: ConnectorStore,
    private readonly partitions: PartitionStore,
    private readonly generations: GenerationStore,
    private readonly directory: WorkerDirectory,
  ) {}

  /**
   * Cancels a job. The first filling and the stream sync are what their connector is there for: without
   * them it is stopped, else a worker would begin them anew. One that was over before stops nothing: what runs
   * now was started since.
   * @throws LockstepError JOB_UNKNOWN, JOB_STATE_CONFLICT
   */
  async cancel(jobId: string): Promise<Job> {
    const before = await this.jobs.get(jobId);
    const isToStop = !isTerminal(before.state) && (await this.#carriesConnector(before));
    // It is over at once: were the stop to fail behind that, a repeated request would leave it out.
    if (isToStop && before.state === 'pending') await this.#stop(before.connectorId);
    const job = await this.jobs.command(jobId, { kind: 'cancel' });
    if (isToStop && before.state !== 'pending') await this.#stop(job.connectorId);
    return this.settle(job);
  }

  /** Ends a `canceling` job that no live worker holds; leaves it to the worker otherwise. */
  async settle(job: Job): Promise<Job> {
    if (job.state !== 'canceling') return job;
    const [partitions, workers] = await Promise.all([
      this.partitions.listByConnector(job.connectorId),
      this.directory.list(),
    ]);
    return isHeld(partitions, workers) ? job : this.jobs.command(job.id, { kind: 'canceled' });
  }

  async #carriesConnector(job: Job): Promise<boolean> {
    const { connectorId } = job;
    const { number: generation } = servingGeneration(await this.generations.get(connectorId));
    return carriesConnector(job, await this.partitions.get({ connectorId, generation, partition: 0 }));
  }

  async #stop(connectorId: string): Promise<void> {
    try {
      await this.connectors.setDesiredState(connectorId, 'stopped');
    } catch (error) {
      // The connector may be gone already; its job is canceled all the same.
      if (!hasCode(error, 'CONNECTOR_UNKNOWN')) throw error;
    }
  }
}
