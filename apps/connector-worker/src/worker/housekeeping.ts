import { asLockstepError, hasCode, sleep, systemClock } from '@lockstep/core';
import type { EventSink } from '@lockstep/contracts';
import type { DeadLetterRetention } from '@lockstep/elastic-sink';
import type { AuditRetention, GenerationStore, JobRetention, WorkerDirectory } from '@lockstep/jobs';

const ROUND_MS = 60_000;

/** Rounds of the worker list between two rounds of what grows old slowly. */
const HISTORY_EVERY_ROUNDS = 60;

/** A worker whose heartbeat stood still for so long is not coming back, milliseconds. */
const DEAD_AFTER_MS = 10 * 60_000;

/** Finished jobs of a connector that are kept at most. */
const KEEP_JOBS_PER_CONNECTOR = 100;

/**
 * Removes what nobody needs any more: documents of dead workers, and what was over long ago: jobs, dead letters,
 * records of the audit, generations that nobody is going to return to.
 */
export class Housekeeping {
  private readonly abort = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly parts: {
      readonly directory: WorkerDirectory;
      readonly jobs: JobRetention;
      readonly deadLetters: DeadLetterRetention;
      readonly audit: AuditRetention;
      readonly generations: GenerationStore;
      /** Retired generations are kept so long, milliseconds. */
      readonly generationRetentionMs: number;
      readonly events: EventSink;
      /** How long what is over is kept, milliseconds. */
      readonly historyRetentionMs: number;
    },
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    for (let round = 0; !signal.aborted; round += 1) {
      try {
        await this.parts.directory.reap(DEAD_AFTER_MS);
        if (round % HISTORY_EVERY_ROUNDS === 0) await this.reapHistory(signal);
      } catch (error) {
        if (!hasCode(error, 'JOB_ABORTED'))
          this.parts.events.emit({ type: 'supervisor.failed', code: asLockstepError(error).code });
      }
      await sleep(ROUND_MS, signal).catch(() => undefined);
    }
  }

  /** What is in the way of one does not keep the others from being reaped. */
  private async reapHistory(signal: AbortSignal): Promise<void> {
    const { jobs, deadLetters, audit, generations, generationRetentionMs, historyRetentionMs: maxAgeMs } = this.parts;
    const limits = { maxAgeMs, nowMs: systemClock.nowMs() };
    const reaped = await Promise.allSettled([
      jobs.reap({ maxAgeMs, keepPerConnector: KEEP_JOBS_PER_CONNECTOR }, signal),
      deadLetters.reap(limits, signal),
      audit.reap(limits, signal),
      generations.discardRetired(generationRetentionMs),
    ]);
    for (const result of reaped) if (result.status === 'rejected') throw result.reason;
  }
}
