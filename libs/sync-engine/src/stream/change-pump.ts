import { Arrival, LockstepError, reached } from '@lockstep/core';
import type { ChangeBatch, ChangeStreamReader } from '@lockstep/contracts';

export interface ChangePumpOptions {
  /** Events held at most before reading pauses. */
  readonly maxEvents: number;
  /** Bytes of replies held at most before reading pauses. */
  readonly maxBytes: number;
  /** How long the server waits for a change before an empty reply, milliseconds. */
  readonly maxWaitMs: number;
  /** Called for every reply as it comes in. */
  readonly onReply?: (batch: ChangeBatch) => void;
}

/**
 * Reads ahead from a change stream into a bounded queue, so that reading overlaps with looking up and
 * writing. Owns its reader: `stop` closes it.
 */
export class ChangePump {
  private readonly queue: ChangeBatch[] = [];
  private readonly abort = new AbortController();
  private events = 0;
  private bytes = 0;
  private failure: { readonly error: unknown } | null = null;
  private readonly arrived = new Arrival();
  private wakeReader: (() => void) | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly reader: ChangeStreamReader,
    private readonly options: ChangePumpOptions,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    this.wakeReader?.();
    await this.running;
    await this.reader.close();
  }

  /**
   * Replies read so far, at least one, up to about `maxEvents` events; an empty list after `waitMs`.
   * @throws whatever reading failed with, once everything read before is taken
   */
  async take(maxEvents: number, waitMs: number, signal: AbortSignal): Promise<readonly ChangeBatch[]> {
    if (this.queue.length === 0 && this.failure === null) await this.arrived.wait(waitMs, signal);
    if (signal.aborted) throw new LockstepError('JOB_ABORTED');
    const taken: ChangeBatch[] = [];
    let events = 0;
    while (this.queue[0] !== undefined && (taken.length === 0 || events + this.queue[0].events.length <= maxEvents)) {
      const batch = this.queue.shift();
      if (batch === undefined) break;
      taken.push(batch);
      events += batch.events.length;
      this.events -= batch.events.length;
      this.bytes -= batch.byteLength;
    }
    if (taken.length === 0 && this.failure !== null) throw this.failure.error;
    this.wakeReader?.();
    return taken;
  }

  private async run(): Promise<void> {
    try {
      while (!this.abort.signal.aborted) {
        if (this.isFull()) {
          await new Promise<void>((resolve) => (this.wakeReader = resolve));
          this.wakeReader = null;
          continue;
        }
        const batch = await this.reader.next(this.options.maxWaitMs, this.abort.signal);
        reached('stream.read');
        this.push(batch);
        if (batch.isEnd) throw new LockstepError('SOURCE_CURSOR_LOST');
      }
    } catch (error) {
      this.failure = { error };
      this.arrived.tell();
    }
  }

  private isFull(): boolean {
    return this.queue.length > 0 && (this.events >= this.options.maxEvents || this.bytes >= this.options.maxBytes);
  }

  /** An empty reply only carries a younger token: it takes the place of an empty one before it. */
  private push(batch: ChangeBatch): void {
    this.options.onReply?.(batch);
    const last = this.queue.at(-1);
    if (last?.events.length === 0 && batch.events.length === 0) {
      this.queue.pop();
      this.bytes -= last.byteLength;
    }
    this.queue.push(batch);
    this.events += batch.events.length;
    this.bytes += batch.byteLength;
    this.arrived.tell();
  }
}
