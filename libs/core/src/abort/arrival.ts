/** One waits, another tells that something has come. What was told before does not end a wait. */
export class Arrival {
  private wake: (() => void) | null = null;

  /** Ends the wait, if somebody waits. */
  tell(): void {
    this.wake?.();
  }

  /** Waits to be told, for at most `timeoutMs` milliseconds, or for the signal. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
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
