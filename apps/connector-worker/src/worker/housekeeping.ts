import { asLockstepError, hasCode, sleep } from '@lockstep/core';
import type { EventSink } from '@lockstep/contracts';
import type { JobRetention, WorkerDirectory } from '@lockstep/jobs';

const ROUND_MS = 60_000;

/** Rounds of the worker list between two rounds of the job history. */
const JOBS_EVERY_ROUNDS = 60;

/** A worker whose heartbeat stood still for so long is not coming back, milliseconds. */
const DEAD_AFTER_MS = 10 * 60_000;

const KEEP_JOBS = { keepPerConnector: 100, maxAgeMs: 30 * 24 * 3_600_000 };

/** Removes what nobody needs any more: documents of dead workers, the end of a long job history. */
export class Housekeeping {
  private readonly abort = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly directory: WorkerDirectory,
    private readonly retention: JobRetention,
    private readonly events: EventSink,
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
        await this.directory.reap(DEAD_AFTER_MS);
        if (round % JOBS_EVERY_ROUNDS === 0) await this.retention.reap(KEEP_JOBS, signal);
      } catch (error) {
        if (!hasCode(error, 'JOB_ABORTED'))
          this.events.emit({ type: 'supervisor.failed', code: asLockstepError(error).code });
      }
      await sleep(ROUND_MS, signal).catch(() => undefined);
    }
  }
}
