export { createElasticSink, type ElasticSinkOptions } from './create-elastic-sink.js';
export type { DeadLetter, DeadLetterState } from './dead-letters/dead-letter.js';
export { DeadLetterRetention } from './dead-letters/dead-letter-retention.js';
export {
  DeadLetterStore,
  type DeadLetterPage,
  type DeadLetterStats,
  type DiscardDecision,
} from './dead-letters/dead-letter-store.js';
export type { DeadLetterFilter } from './dead-letters/letter-query.js';
export { RepairQueue, type MarkedLetter, type RepairQueueOptions } from './dead-letters/repair-queue.js';
export { OriginalIdStore, type OriginalIdStoreOptions } from './original-ids/original-id-store.js';
export { targetNames, type TargetNames } from './target/target-names.js';
export { DEFAULT_TUNING, type SinkTuning } from './write/sink-tuning.js';
