import type { Job } from '@lockstep/contracts';

/** What operators ask of a running session; filled from outside, looked at between turns. */
export class SessionInbox {
  private resync: Job | null = null;
  private readonly canceling = new Set<string>();
  private wake: (() => void) | null = null;

  offerResync(job: Job): void {
    this.resync = job;
    this.wake?.();
  }

  takeResync(): Job | null {
    const job = this.resync;
    this.resync = null;
    return job;
  }

  get hasResync(): boolean {
    return this.resync !== null;
  }

  cancel(jobId: string): void {
    this.canceling.add(jobId);
    this.wake?.();
  }

  /** Something outside has changed that may let a failed session succeed. */
  poke(): void {
    this.wake?.();
  }

  isCanceling(jobId: string): boolean {
    return this.canceling.has(jobId);
  }

  /** Waits for something to arrive, at most `timeoutMs`, or for the signal. */
  async arrival(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.resync !== null) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.wake = null;
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      signal.addEventListener('abort', done, { once: true });
      this.wake = done;
    });
  }
}
