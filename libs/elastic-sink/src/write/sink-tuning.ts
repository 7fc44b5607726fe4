/** Sizes and delays of the sink. */
export interface SinkTuning {
  /** Largest bulk body, bytes. @defaultValue 4 MiB */
  readonly maxBulkBytes: number;
  /** Most operations of one bulk request. @defaultValue 5 000 */
  readonly maxBulkDocs: number;
  /** Bulk requests in flight within one write. @defaultValue 2 */
  readonly bulksInFlight: number;
  /** Delay after a first passing failure, doubling, milliseconds. @defaultValue 200 */
  readonly retryBaseMs: number;
  /** @defaultValue 30 000 */
  readonly retryMaxMs: number;
  /** Delay between looks at something that has to be lifted, milliseconds. @defaultValue 1 000 */
  readonly holdBaseMs: number;
  /** @defaultValue 15 000 */
  readonly holdMaxMs: number;
  /** Ids of open dead letters that are remembered per target. @defaultValue 50 000 */
  readonly maxOpenLetters: number;
}

export const DEFAULT_TUNING: SinkTuning = {
  maxBulkBytes: 4 * 1_024 * 1_024,
  maxBulkDocs: 5_000,
  bulksInFlight: 2,
  retryBaseMs: 200,
  retryMaxMs: 30_000,
  holdBaseMs: 1_000,
  holdMaxMs: 15_000,
  maxOpenLetters: 50_000,
};
