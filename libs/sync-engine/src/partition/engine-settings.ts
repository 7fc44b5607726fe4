/** How a partition works: bounds and intervals. All of them have safe defaults. */
export interface EngineSettings {
  /** Longest scan or sweep turn before the stream gets its turn, milliseconds. */
  readonly scanTurnMs: number;
  /** Longest stream turn while following, before commands are looked at, milliseconds. */
  readonly followTurnMs: number;
  /** Ids that are looked up and written together at most. */
  readonly maxKeys: number;
  /** Batches looked up and written side by side. */
  readonly maxInFlight: number;
  /** Events read ahead at most. */
  readonly maxQueuedEvents: number;
  /** Bytes of stream replies read ahead at most. */
  readonly maxQueuedBytes: number;
  /** Shortest time between two checkpoints while changes flow, milliseconds. */
  readonly checkpointMs: number;
  /** Time between two checkpoints while only the token of an idle stream moves, milliseconds. */
  readonly idleCheckpointMs: number;
  /** How long a change stream may stand still while its source goes on, milliseconds. */
  readonly streamStallMs: number;
  /** Time between two looks at the collections of the source, milliseconds. */
  readonly bindingRefreshMs: number;
  /** Time between two looks at how far the source's history reaches back, milliseconds. */
  readonly oplogLookMs: number;
  /** Time between two looks at the indices themselves, milliseconds. */
  readonly targetLookMs: number;
  /** Time between two reports into the job document, milliseconds. */
  readonly reportMs: number;
  /** Workers that die in a row while they hold a partition before it is left alone; 0: however many. */
  readonly quarantineAfter: number;
  /** How long a worker has to live with a partition for the deaths before it to be forgotten, milliseconds. */
  readonly quarantineTrialMs: number;
}

export const DEFAULT_ENGINE_SETTINGS: EngineSettings = {
  scanTurnMs: 5_000,
  followTurnMs: 1_000,
  maxKeys: 2_000,
  maxInFlight: 2,
  maxQueuedEvents: 20_000,
  maxQueuedBytes: 8 * 1024 * 1024,
  checkpointMs: 1_000,
  idleCheckpointMs: 10_000,
  streamStallMs: 30_000,
  bindingRefreshMs: 3_000,
  oplogLookMs: 10_000,
  targetLookMs: 30_000,
  reportMs: 3_000,
  quarantineAfter: 5,
  quarantineTrialMs: 60_000,
};
