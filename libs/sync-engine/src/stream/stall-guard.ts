import type { Clock, ClusterTime } from '@lockstep/core';
import type { ChangeBatch, ChangeStreamReader } from '@lockstep/contracts';
import { StallWatch } from './stall-watch.js';

/** A stream that was found stalled. */
export interface Stall {
  /** How long its token stood still, milliseconds. */
  readonly stillMs: number;
  /** Times it was opened anew since its token moved, this one included. */
  readonly restarts: number;
}

export interface StallGuardOptions {
  /** Opens the stream behind the token; at its own start when no token was read yet. */
  readonly open: (token: string | null, signal: AbortSignal) => Promise<ChangeStreamReader>;
  /** The source's time now, asked for on another connection. */
  readonly sourceTime: (signal: AbortSignal) => Promise<ClusterTime>;
  /** Time of the source's newest write, confirmed by a majority or not; null where it does not say. */
  readonly newestTime: (signal: AbortSignal) => Promise<ClusterTime | null>;
  /** A lower bound of where the stream starts. */
  readonly startTime: ClusterTime;
  /** How long a token may stand still while the source goes on, milliseconds. */
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly onStall: (stall: Stall) => void;
  /** The source takes writes that its majority does not confirm, so that the token cannot move. Told once. */
  readonly onMajorityStall: () => void;
  /** The token moves again. */
  readonly onRecovery: () => void;
}

/** Time between two looks, milliseconds. */
const LOOK_MS = 500;

/**
 * A change stream that opens itself anew when it is stalled: a connection that is half open, a server that hangs or
 * gives nothing but empty answers. It goes on behind the last token that was read, so that whoever reads misses
 * nothing, gets nothing twice, and does not notice.
 */
export class StallGuard implements ChangeStreamReader {
  private readonly watch: StallWatch;
  private readonly lifetime = new AbortController();
  private readonly looking: NodeJS.Timeout;
  private isStalled = false;
  private isMajorityStallTold = false;
  private cut: AbortController | null = null;
  private asking: Promise<void> | null = null;

  constructor(
    private reader: ChangeStreamReader,
    private readonly options: StallGuardOptions,
  ) {
    this.watch = new StallWatch(options);
    this.looking = setInterval(() => this.look(), LOOK_MS);
  }

  /** @throws what reading fails with, and opening anew */
  async next(maxWaitMs: number, signal: AbortSignal): Promise<ChangeBatch> {
    for (;;) {
      const batch = this.isStalled ? null : await this.read(maxWaitMs, signal);
      if (batch !== null) return batch;
      await this.restart(signal);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.looking);
    this.lifetime.abort();
    await this.asking;
    await this.reader.close();
  }

  /** @returns null when the stream was found stalled meanwhile */
  private async read(maxWaitMs: number, signal: AbortSignal): Promise<ChangeBatch | null> {
    const cut = new AbortController();
    const stop = (): void => cut.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    this.cut = cut;
    this.watch.readingBegins();
    try {
      const batch = await this.reader.next(maxWaitMs, cut.signal);
      this.heard(batch);
      return batch;
    } catch (error) {
      if (!this.isStalled || signal.aborted) throw error;
      return null;
    } finally {
      signal.removeEventListener('abort', stop);
      this.watch.readingEnds();
    }
  }

  private heard(batch: ChangeBatch): void {
    const hasMoved = batch.token !== this.watch.token;
    const hasRecovered = this.watch.heard(batch);
    if (!hasRecovered && !(hasMoved && this.isMajorityStallTold)) return;
    this.isMajorityStallTold = false;
    this.options.onRecovery();
  }

  private look(): void {
    if (this.isStalled) return;
    const decision = this.watch.decide();
    if (decision === 'ask') this.asking ??= this.ask();
    if (decision !== 'restart') return;
    this.isStalled = true;
    this.cut?.abort();
  }

  private async ask(): Promise<void> {
    try {
      const { signal } = this.lifetime;
      this.watch.sourceIsAt(await this.options.sourceTime(signal));
      this.watch.newestIsAt(await this.options.newestTime(signal));
      if (!this.watch.isMajorityStalled || this.isMajorityStallTold) return;
      this.isMajorityStallTold = true;
      this.options.onMajorityStall();
    } catch {
      // A source that does not answer has not gone on as far as anybody knows; the session fails by its own bounds.
    } finally {
      this.asking = null;
    }
  }

  private async restart(signal: AbortSignal): Promise<void> {
    const { stillMs, token } = this.watch;
    this.watch.restarted();
    this.options.onStall({ stillMs: Math.round(stillMs), restarts: this.watch.restarts });
    await this.reader.close();
    this.reader = await this.options.open(token, signal);
    this.isStalled = false;
  }
}
