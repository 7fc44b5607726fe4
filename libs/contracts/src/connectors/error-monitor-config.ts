/** When a sync stops, because so many documents are refused that a person should look before the rest is. */
export interface ErrorMonitorConfig {
  /** Refusals in a row, 1 … 1 000 000. */
  readonly consecutive: number;
  /** Share of refusals among the last `window` documents that is let pass, 0 … 1; 1 is no limit. */
  readonly ratio: number;
  /** Documents that the ratio looks back over, 10 … 1 000 000. It counts from the time that there were so many. */
  readonly window: number;
  /** Refusals of one run, 1 … 1 000 000 000; null is no limit. */
  readonly total: number | null;
}

export const DEFAULT_ERROR_MONITOR: ErrorMonitorConfig = { consecutive: 100, ratio: 0.15, window: 1_000, total: null };
