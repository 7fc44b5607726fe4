export type { Binding } from './connectors/binding.js';
export type {
  ConflictPolicy,
  Connector,
  ConnectorConfig,
  ConnectorStatus,
  ElasticsearchConfig,
  FieldOptions,
  FieldSelection,
  DropPolicy,
  HistoryLossPolicy,
  RefusedPolicy,
  SinkConfig,
  SourceConfig,
  StoredSecret,
  StringMapping,
  TargetLayout,
} from './connectors/connector.js';
export { DEFAULT_ERROR_MONITOR, type ErrorMonitorConfig } from './connectors/error-monitor-config.js';
export type { Condition, DesiredState, ObservedState } from './connectors/connector-state.js';
export { worstState } from './connectors/worst-state.js';
export type {
  ChangeBatch,
  ChangeEvent,
  ChangeOperation,
  DocumentKey,
  KeyEvent,
  NamespaceEvent,
} from './events/change-event.js';
export type {
  BsonTypeName,
  ConversionNotes,
  DeleteDocument,
  DocumentBatch,
  DocumentCause,
  DocumentState,
  FieldType,
  FieldTypeCount,
  IndexDocument,
  RejectDocument,
} from './events/document-batch.js';
export type { DomainEvent, EventSink } from './events/domain-event.js';
export { hashedId, isHashedId, type OriginalId } from './events/hashed-id.js';
export { NO_COUNTERS, NO_PROGRESS } from './jobs/job.js';
export type {
  Job,
  JobCounters,
  JobError,
  JobPhase,
  JobProgress,
  JobState,
  JobType,
  OplogHeadroom,
  ResyncMode,
} from './jobs/job.js';
export type {
  EnsuredTarget,
  EnsureTargetOptions,
  RefusedId,
  SeqNoMarks,
  ShardHistories,
  ServeOptions,
  SinkPort,
  Target,
  TargetWrite,
  WalkOptions,
  WriteOptions,
  WriteResult,
} from './ports/sink-port.js';
export type {
  AbsenceOptions,
  AbsenceReport,
  ChangeStreamReader,
  CollectionInfo,
  CollectionSample,
  KeyRange,
  SplitOptions,
  LastKeyOptions,
  LookUpOptions,
  OplogReading,
  OpenStreamOptions,
  ScanOptions,
  ScanPage,
  SourceDescription,
  SourcePort,
  StreamStart,
} from './ports/source-port.js';
export type { Generation, GenerationRules, GenerationState, KeptGeneration } from './positions/generation.js';
export {
  bindingIn,
  type BindingScan,
  type BindingState,
  type BindingSuspension,
  type JobFigures,
  type HolderDeaths,
  type LeaseHolder,
  type PartitionIdentity,
  type PartitionKey,
  type PartitionState,
  type StoredPosition,
} from './positions/partition-state.js';
export type { LiveJob, RecentChange, WorkerHeartbeat, WorkerLive } from './workers/worker.js';
