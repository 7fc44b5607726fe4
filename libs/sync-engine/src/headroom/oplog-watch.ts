import { asLockstepError, type Clock, type ClusterTime, type ErrorCode, type LockstepError } from '@lockstep/core';
import type { OplogReading, SourcePort } from '@lockstep/contracts';
import { decideFailure, PERMANENT_RETRY_MS } from '../runner/failure-decision.js';

/** What of a source is needed to see its history. */
export type HistorySource = Pick<SourcePort, 'readOplog' | 'majorityTime' | 'close'>;

interface Seen<T> {
  readonly value: T;
  /** By our monotonic clock, milliseconds. */
  readonly atMs: number;
}

/** What was seen last of the source's history. */
export interface OplogSight {
  /** Null until the oplog could be read. */
  readonly oplog: Seen<Extract<OplogReading, { kind: 'known' }>> | null;
  /** Time of the newest that the source has; also where its oplog may not be read. */
  readonly newest: Seen<ClusterTime> | null;
  /** Why the last look saw no oplog; null when it did, or before there was one. */
  readonly trouble: ErrorCode | null;
}

export interface OplogWatchOptions {
  /** Opens a source for the looks between sessions. */
  readonly open: () => Promise<HistorySource>;
  readonly clock: Clock;
  /** Time between two looks, milliseconds. */
  readonly lookMs: number;
}

interface Look {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** How long the next look waits after one that failed, milliseconds: like a session, where a person is needed. */
export function lookAgainMs(error: LockstepError, lookMs: number): number {
  return decideFailure(error, 1).kind === 'retry' ? lookMs : Math.max(lookMs, PERMANENT_RETRY_MS);
}

/**
 * Looks now and then how far the source's history reaches back: by the connections of a session while one lends them,
 * else by some of its own, which are opened when a look is due and closed as soon as there is a session again.
 */
export class OplogWatch {
  private seen: OplogSight = { oplog: null, newest: null, trouble: null };
  private lent: HistorySource | null = null;
  private own: HistorySource | null = null;
  private closing: Promise<unknown> = Promise.resolve();
  private looking: Look | null = null;
  private lookedAtMs = -Infinity;
  private dueAtMs: number;
  private isRefused = false;

  constructor(private readonly options: OplogWatchOptions) {
    // A session that is well lends its connections before that.
    this.dueAtMs = options.clock.monotonicMs() + options.lookMs;
  }

  get sight(): OplogSight {
    return this.seen;
  }

  /** Begins a look where one is due. */
  lookIfDue(): void {
    if (this.looking !== null || this.options.clock.monotonicMs() < this.dueAtMs) return;
    if (this.lent === null && this.isRefused) return;
    const stop = new AbortController();
    const ended = this.look(this.lent, stop.signal).finally(() => {
      this.looking = null;
    });
    this.looking = { stop, ended };
  }

  /** A session works: its connections are looked by from now on. */
  async lend(source: HistorySource): Promise<void> {
    this.lent = source;
    this.isRefused = false;
    this.dueAtMs = this.lookedAtMs + this.options.lookMs;
    await this.closeOwn();
  }

  /** The session ends: what it lent is not used any more once this has resolved. */
  async takeBack(): Promise<void> {
    this.lent = null;
    await this.stopLook();
  }

  /** A session has failed. Credentials that are refused are tried by sessions alone, so that no account gets locked. */
  async failed(error: LockstepError): Promise<void> {
    this.isRefused = error.code === 'SOURCE_AUTH_FAILED';
    if (!this.isRefused) return;
    this.seen = { ...this.seen, trouble: error.code };
    await this.closeOwn();
  }

  /** Ends a look under way, and what was opened for looks; the next one opens it again. */
  async closeOwn(): Promise<void> {
    await this.stopLook();
    await this.dropOwn();
  }

  /** Waits for those that are being closed already, too. */
  private async dropOwn(): Promise<void> {
    const closed = this.own?.close().catch(() => undefined);
    this.own = null;
    this.closing = Promise.all([this.closing, closed]);
    await this.closing;
  }

  private async stopLook(): Promise<void> {
    this.looking?.stop.abort();
    await this.looking?.ended;
  }

  private async look(lent: HistorySource | null, signal: AbortSignal): Promise<void> {
    const { clock, lookMs, open } = this.options;
    const { dueAtMs } = this;
    this.dueAtMs = clock.monotonicMs() + lookMs;
    try {
      const source = lent ?? (this.own ??= await open());
      const reading = await source.readOplog(signal);
      const newest = reading.kind === 'known' ? reading.newest : await source.majorityTime(signal);
      this.see(reading, newest);
    } catch (error) {
      if (signal.aborted) {
        // As if it had not begun.
        this.dueAtMs = dueAtMs;
        return;
      }
      const known = asLockstepError(error);
      this.dueAtMs = clock.monotonicMs() + lookAgainMs(known, lookMs);
      this.seen = { ...this.seen, trouble: known.code };
      // A connection that hangs is not tried again.
      if (lent === null) await this.dropOwn();
    }
  }

  private see(reading: OplogReading, newest: ClusterTime): void {
    const atMs = this.options.clock.monotonicMs();
    this.lookedAtMs = atMs;
    const isKnown = reading.kind === 'known';
    this.seen = {
      oplog: isKnown ? { value: reading, atMs } : this.seen.oplog,
      newest: { value: newest, atMs },
      trouble: isKnown ? null : reading.code,
    };
  }
}
