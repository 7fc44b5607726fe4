/** Time as the rest of Lockstep sees it; tests move a manual one. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For showing and storing; never for deciding order. */
  nowMs(): number;
  /** Monotonic clock, milliseconds since an arbitrary start. For deciding ages and time-outs. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};
