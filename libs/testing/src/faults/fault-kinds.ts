/** What a fault is done to. */
export type FaultSubject = 'worker' | 'connector' | 'mongodb' | 'elasticsearch';

export interface FaultDefinition {
  readonly subject: FaultSubject;
  /** How often it comes, in relation to the others. */
  readonly weight: number;
  /** Shortest and longest duration, milliseconds. */
  readonly durationMs: readonly [number, number];
  /** For the line that is printed. */
  readonly title: string;
}

const fault = (
  subject: FaultSubject,
  weight: number,
  durationMs: FaultDefinition['durationMs'],
  title: string,
): FaultDefinition => ({ subject, weight, durationMs, title });

/** Everything that can go wrong in a soak. */
export const FAULT_KINDS = {
  workerKilled: fault('worker', 12, [100, 3_000], 'killed, comes back'),
  workerFrozen: fault('worker', 8, [500, 15_000], 'frozen'),
  workerStopped: fault('worker', 8, [0, 2_000], 'stopped in order, comes back'),
  workerLosesElasticsearch: fault('worker', 5, [200, 6_000], 'every connection to Elasticsearch is reset'),
  elasticsearchConnectionsCut: fault('worker', 7, [0, 0], 'connections to Elasticsearch are cut once'),
  elasticsearchBlackHole: fault('worker', 4, [500, 9_000], 'Elasticsearch is a black hole'),
  elasticsearchSlow: fault('worker', 4, [500, 5_000], 'Elasticsearch is slow'),
  elasticsearchThrottles: fault('worker', 7, [500, 5_000], 'Elasticsearch answers 429 now and then'),
  elasticsearchUnavailable: fault('worker', 6, [500, 4_000], 'Elasticsearch answers 503 now and then'),
  answersDropped: fault('worker', 7, [200, 3_000], 'answers of Elasticsearch get lost now and then'),
  mongodbConnectionsCut: fault('connector', 7, [0, 0], 'connections to MongoDB are cut once'),
  mongodbReset: fault('connector', 5, [200, 4_000], 'every connection to MongoDB is reset'),
  mongodbBlackHole: fault('connector', 4, [500, 6_000], 'MongoDB is a black hole'),
  mongodbSlow: fault('connector', 4, [500, 5_000], 'MongoDB is slow'),
  mongodbAnswersDropped: fault('connector', 4, [200, 2_000], 'answers of MongoDB get lost'),
  writesBlocked: fault('connector', 5, [500, 5_000], 'the target takes no writes'),
  resyncAsked: fault('connector', 5, [0, 0], 'an operator asks for a resync'),
  resyncCanceled: fault('connector', 3, [0, 0], 'an operator cancels a resync'),
  rollbackAsked: fault('connector', 3, [0, 0], 'an operator asks for a rollback'),
  generationDeleted: fault('connector', 3, [0, 0], 'an operator deletes a generation'),
  lettersRetried: fault('connector', 3, [0, 0], 'an operator has dead letters tried again'),
  pausedAndResumed: fault('connector', 3, [0, 3_000], 'an operator pauses and resumes'),
  positionSet: fault('connector', 2, [0, 2_000], 'an operator pauses, sets the position and resumes'),
  collectionRebuilt: fault('connector', 2, [0, 0], 'the collection is rebuilt under its name, without some documents'),
  primarySteppedDown: fault('mongodb', 4, [1_000, 3_000], 'the primary steps down'),
  mongodbKilled: fault('mongodb', 3, [100, 2_000], 'killed, comes back'),
  commandsFail: fault('mongodb', 8, [300, 3_000], 'commands fail'),
  elasticsearchKilled: fault('elasticsearch', 1, [100, 1_000], 'killed, comes back without its tombstones'),
} as const satisfies Readonly<Record<string, FaultDefinition>>;

export type FaultKind = keyof typeof FAULT_KINDS;
