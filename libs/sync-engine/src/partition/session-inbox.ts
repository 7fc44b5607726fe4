import { Arrival } from '@lockstep/core';
import type { Job } from '@lockstep/contracts';

/**
 * What operators ask of a running session; filled from outside, looked at between turns. The same thing may
 * be told again and again, as long as it is seen from outside: only the first time is news.
 */
export class SessionInbox {
  private resync: Job | null = null;
  private readonly canceling = new Set<string>();
  private readonly offered = new Set<string>();
  private readonly news = new Arrival();

  /** A job waits to be taken up: it may let a failed session succeed. */
  offer(job: Job): void {
    if (job.type === 'bulk_sync') this.resync = job;
    if (this.offered.has(job.id)) return;
    this.offered.add(job.id);
    this.news.tell();
  }

  takeResync(): Job | null {
    const job = this.resync;
    this.resync = null;
    return job;
  }

  cancel(jobId: string): void {
    if (this.canceling.has(jobId)) return;
    this.canceling.add(jobId);
    this.news.tell();
  }

  isCanceling(jobId: string): boolean {
    return this.canceling.has(jobId);
  }

  /** Waits for news, at most `timeoutMs`, or for the signal. What came before does not end the wait. */
  arrival(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return this.news.wait(timeoutMs, signal);
  }
}
