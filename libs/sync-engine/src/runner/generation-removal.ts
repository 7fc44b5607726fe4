import { hasCode, reached } from '@lockstep/core';
import type { Connector, Generation } from '@lockstep/contracts';
import type { DeadLetterStore } from '@lockstep/elastic-sink';
import {
  isTerminal,
  type GenerationStore,
  type JobStore,
  type PartitionLease,
  type PartitionStore,
} from '@lockstep/jobs';
import type { SessionOpener } from './session-opener.js';

export interface GenerationRemovalParts {
  readonly jobs: JobStore;
  readonly generations: GenerationStore;
  readonly partitions: PartitionStore;
  readonly deadLetters: DeadLetterStore;
  readonly opener: SessionOpener;
}

export interface RemovalTask {
  readonly connector: Connector;
  readonly generation: Generation;
  /** Of the lead. Nobody else writes to the generation while this and the others are held. */
  readonly lease: PartitionLease;
  readonly others: readonly PartitionLease[];
}

/** Removes what a discarded generation has left. Every step can be repeated: a crash leaves the rest to the next one. */
export class GenerationRemoval {
  constructor(private readonly parts: GenerationRemovalParts) {}

  async remove({ connector, generation, lease, others }: RemovalTask): Promise<void> {
    const { generations, partitions, deadLetters, opener } = this.parts;
    const left = new Set([lease, ...others]);
    try {
      const ports = await opener.open(connector);
      try {
        await ports.sink.deleteGeneration(generation.number, lease.signal);
      } finally {
        await ports.close();
      }
      reached('generation.emptied');
      await deadLetters.deleteByConnector(connector.id, generation.number);
      await this.endJob(generation);
      // The lead's last: as long as it is there, whoever comes after a crash finds the others.
      for (const held of [...others, lease]) {
        await held.release();
        left.delete(held);
        await partitions.delete(held.key);
      }
    } finally {
      await Promise.allSettled([...left].map((held) => held.release()));
    }
    reached('generation.removed');
    await generations.remove(connector.id, generation.number);
  }

  private async endJob({ jobId }: Generation): Promise<void> {
    if (jobId === null) return;
    try {
      const job = await this.parts.jobs.command(jobId, { kind: 'cancel' });
      if (!isTerminal(job.state)) await this.parts.jobs.command(jobId, { kind: 'canceled' });
    } catch (error) {
      // It has ended before: most do.
      if (!hasCode(error, 'JOB_STATE_CONFLICT', 'JOB_UNKNOWN')) throw error;
    }
  }
}
