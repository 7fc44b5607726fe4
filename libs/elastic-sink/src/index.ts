export { createElasticSink, type ElasticSinkOptions } from './create-elastic-sink.js';
export type { DeadLetter, DeadLetterState } from './dead-letters/dead-letter.js';
export {
  DeadLetterStore,
  type DeadLetterFilter,
  type DeadLetterPage,
  type DeadLetterStats,
} from './dead-letters/dead-letter-store.js';
export { targetNames, type TargetNames } from './target/target-names.js';
export { DEFAULT_TUNING, type SinkTuning } from './write/sink-tuning.js';
