import { hasCode, reached } from '@lockstep/core';
import type { Connector, Generation, PartitionKey } from '@lockstep/contracts';
import type { DeadLetterStore } from '@lockstep/elastic-sink';
import {
  HeldJobs,
  isTerminal,
  type GenerationStore,
  type JobStore,
  type LeaseClaimer,
  type PartitionLease,
  type PartitionStore,
} from '@lockstep/jobs';
import type { SessionOpener } from './session-opener.js';

export interface GenerationRemovalParts {
  readonly jobs: JobStore;
  readonly generations: GenerationStore;
  readonly partitions: PartitionStore;
  readonly claimer: LeaseClaimer;
  readonly deadLetters: DeadLetterStore;
  readonly opener: SessionOpener;
}

export interface RemovalTask {
  readonly connector: Connector;
  readonly generation: Generation;
  /** Of all its partitions, the lead's first: nobody else writes to the generation while they are held. */
  readonly leases: readonly [PartitionLease, ...PartitionLease[]];
}

/** Removes what a discarded generation has left. Every step can be repeated: a crash leaves the rest to the next one. */
export class GenerationRemoval {
  constructor(private readonly parts: GenerationRemovalParts) {}

  /**
   * The leases of these partitions, the lead's first; none when one of them cannot be had.
   * @throws LockstepError when the state cannot be reached; what was taken is given back
   */
  async claim(keys: readonly PartitionKey[]): Promise<RemovalTask['leases'] | null> {
    const { partitions, claimer } = this.parts;
    const taken: PartitionLease[] = [];
    let isComplete = false;
    try {
      for (const key of keys) {
        const lease = await partitions.claim(key, claimer);
        if (lease === null) return null;
        taken.push(lease);
      }
      const [lead, ...others] = taken;
      isComplete = lead !== undefined;
      return lead === undefined ? null : [lead, ...others];
    } finally {
      if (!isComplete) await Promise.allSettled(taken.map((lease) => lease.release()));
    }
  }

  async remove({ connector, generation, leases }: RemovalTask): Promise<void> {
    const { generations, partitions, deadLetters, opener } = this.parts;
    const [lease, ...others] = leases;
    const left = new Set(leases);
    try {
      const ports = await opener.open(connector);
      try {
        await ports.sink.deleteGeneration(generation.number, lease.signal);
      } catch (error) {
        // Searches go to it, so it stays as it is; whoever wants it gone is told.
        if (!hasCode(error, 'JOB_STATE_CONFLICT') || generation.retiredAt === null) throw error;
        await generations.keep(connector.id, generation.number, error.message);
        return;
      } finally {
        await ports.close();
      }
      reached('generation.emptied');
      await deadLetters.deleteByConnector(connector.id, generation.number);
      await this.endJob(generation, lease);
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

  private async endJob({ jobId }: Generation, lease: PartitionLease): Promise<void> {
    if (jobId === null) return;
    const jobs = new HeldJobs({ ...this.parts, lease });
    try {
      // Most have ended before.
      if (isTerminal((await jobs.takeUp(jobId)).state)) return;
      const job = await jobs.command(jobId, { kind: 'cancel' });
      if (!isTerminal(job.state)) await jobs.command(jobId, { kind: 'canceled' });
    } catch (error) {
      // An operator's command has ended it meanwhile, or it was removed.
      if (!hasCode(error, 'JOB_STATE_CONFLICT', 'JOB_UNKNOWN')) throw error;
    }
  }
}
