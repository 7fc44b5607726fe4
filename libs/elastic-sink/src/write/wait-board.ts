import type { Condition } from '@lockstep/contracts';
import { backoffDelayMs, sleep, type Clock, type ErrorCode } from '@lockstep/core';
import { sinkCondition } from './sink-condition.js';
import type { SinkTuning } from './sink-tuning.js';

/** Why something waits, and for how long at least. */
export interface WaitCause {
  /** `hold`: somebody has to lift it; told at once. `retry`: told when it lasts. */
  readonly kind: 'retry' | 'hold';
  readonly code: ErrorCode;
  readonly retryAfterMs: number | null;
}

export interface WaitBoardOptions {
  readonly clock: Clock;
  readonly tuning: SinkTuning;
  readonly onCondition: (condition: Condition | null) => void;
}

/** A passing failure is told from this attempt on. */
const TOLD_FROM_ATTEMPT = 2;

/** Waits of the requests of one write() call, and what is told about them: one condition at a time. */
export class WaitBoard {
  private readonly waiting = new Map<object, ErrorCode>();
  private told: ErrorCode | null = null;
  private readonly sinceMs = new Map<ErrorCode, number>();

  constructor(private readonly options: WaitBoardOptions) {}

  /**
   * Waits before attempt `attempt + 1`.
   * @param waiter whoever waits; the same object until `going`
   * @throws LockstepError `JOB_ABORTED`
   */
  async wait(waiter: object, cause: WaitCause, attempt: number, signal: AbortSignal): Promise<void> {
    const { clock, tuning } = this.options;
    if (!this.sinceMs.has(cause.code)) this.sinceMs.set(cause.code, clock.nowMs());
    if (cause.kind === 'hold' || attempt >= TOLD_FROM_ATTEMPT) {
      this.waiting.set(waiter, cause.code);
      this.tell(cause.code);
    }
    const backoff =
      cause.kind === 'hold'
        ? { baseMs: tuning.holdBaseMs, maxMs: tuning.holdMaxMs }
        : { baseMs: tuning.retryBaseMs, maxMs: tuning.retryMaxMs };
    await sleep(Math.max(backoffDelayMs(attempt, backoff), cause.retryAfterMs ?? 0), signal);
  }

  /** The waiter got through. */
  going(waiter: object): void {
    if (!this.waiting.delete(waiter)) return;
    const [next] = this.waiting.values();
    this.tell(next ?? null);
  }

  private tell(code: ErrorCode | null): void {
    if (code === this.told) return;
    this.told = code;
    if (code === null) {
      this.sinceMs.clear();
      this.options.onCondition(null);
    } else {
      this.options.onCondition(sinkCondition(code, this.sinceMs.get(code) ?? this.options.clock.nowMs()));
    }
  }
}
