import type { Clock, ClusterTime } from '@lockstep/core';
import type { ChangeBatch } from '@lockstep/contracts';
import { decideStall, isMajorityStalled, type StallDecision } from './stall-decision.js';

export interface StallWatchOptions {
  /** A lower bound of where the stream starts. */
  readonly startTime: ClusterTime;
  /** How long a token may stand still while the source goes on, milliseconds. */
  readonly patienceMs: number;
  readonly clock: Clock;
}

/**
 * How long the token of a stream has stood still, and whether its source has gone on since. Only the time of reading
 * counts: whoever pauses, because the target takes nothing, does not find the stream stalled.
 */
export class StallWatch {
  private tokenTime: ClusterTime;
  private readToken: string | null = null;
  private stillBeforeMs = 0;
  private readingSinceMs: number | null = null;
  private aheadSinceMs: number | null = null;
  private unconfirmedSinceMs: number | null = null;
  private restartCount = 0;

  constructor(private readonly options: StallWatchOptions) {
    this.tokenTime = options.startTime;
  }

  /** The last token that was read; null before the first. */
  get token(): string | null {
    return this.readToken;
  }

  /** Restarts since the token last moved. */
  get restarts(): number {
    return this.restartCount;
  }

  get stillMs(): number {
    return this.stillBeforeMs + (this.readingSinceMs === null ? 0 : this.now() - this.readingSinceMs);
  }

  readingBegins(): void {
    this.readingSinceMs = this.now();
  }

  readingEnds(): void {
    this.stillBeforeMs = this.stillMs;
    this.readingSinceMs = null;
  }

  /** @returns whether the token moves again after restarts */
  heard({ token, tokenTime, operationTime }: Pick<ChangeBatch, 'token' | 'tokenTime' | 'operationTime'>): boolean {
    if (token === this.readToken) {
      this.sourceIsAt(operationTime);
      return false;
    }
    const hasRecovered = this.restartCount > 0;
    this.readToken = token;
    this.tokenTime = tokenTime;
    this.restartCount = 0;
    this.countAnew();
    return hasRecovered;
  }

  /** The source was seen at this time. */
  sourceIsAt(time: ClusterTime): void {
    if (time > this.tokenTime) this.aheadSinceMs ??= this.now();
  }

  /** The newest write of the source, confirmed or not; null when it is not told. */
  newestIsAt(time: ClusterTime | null): void {
    if (time === null || time <= this.tokenTime || this.aheadSinceMs !== null) this.unconfirmedSinceMs = null;
    else this.unconfirmedSinceMs ??= this.now();
  }

  /** The token stands still because nothing is confirmed that could move it. */
  get isMajorityStalled(): boolean {
    return isMajorityStalled(this.unconfirmedSinceMs === null ? null : this.now() - this.unconfirmedSinceMs);
  }

  restarted(): void {
    this.restartCount += 1;
    this.countAnew();
  }

  /** `wait` while nobody reads. */
  decide(): StallDecision {
    if (this.readingSinceMs === null) return 'wait';
    return decideStall({
      stillMs: this.stillMs,
      aheadMs: this.aheadSinceMs === null ? null : this.now() - this.aheadSinceMs,
      restarts: this.restartCount,
      patienceMs: this.options.patienceMs,
    });
  }

  private countAnew(): void {
    this.stillBeforeMs = 0;
    this.aheadSinceMs = null;
    this.unconfirmedSinceMs = null;
    if (this.readingSinceMs !== null) this.readingSinceMs = this.now();
  }

  private now(): number {
    return this.options.clock.monotonicMs();
  }
}
