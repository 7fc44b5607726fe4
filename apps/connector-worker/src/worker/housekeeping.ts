import { asLockstepError, hasCode, sleep, systemClock } from '@lockstep/core';
import type { EventSink } from '@lockstep/contracts';
import type { DeadLetterRetention } from '@lockstep/elastic-sink';
import type { JobRetention, WorkerDirectory } from '@lockstep/jobs';

const ROUND_MS = 60_000;

/** Rounds of the worker list between two rounds of what grows old slowly. */
const HISTORY_EVERY_ROUNDS = 60;

/** A worker whose heartbeat stood still for so long is not coming back, milliseconds. */
const DEAD_AFTER_MS = 10 * 60_000;

/** Closed dead letters are kept so long, milliseconds. */
const KEEP_CLOSED_LETTERS_MS = 30 * 24 * 3_600_000;

const KEEP_JOBS = { keepPerConnector: 100, maxAgeMs: 30 * 24 * 3_600_000 };

/**
 * Removes what nobody needs any more: documents of dead workers, the end of a long job history, dead letters
 * that were closed long ago.
 */
export class Housekeeping {
  private readonly abort = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly parts: {
      readonly directory: WorkerDirectory;
      readonly jobs: JobRetention;
      readonly deadLetters: DeadLetterRetention;
      readonly events: EventSink;
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

  private async reapHistory(signal: AbortSignal): Promise<void> {
    const { jobs, deadLetters } = this.parts;
    await jobs.reap(KEEP_JOBS, signal);
    await deadLetters.reap({ maxAgeMs: KEEP_CLOSED_LETTERS_MS, nowMs: systemClock.nowMs() }, signal);
  }
}
