export { carriesConnector } from './leases/carries-connector.js';
export { WorkerDirectory, type WorkerListing } from './directory/worker-directory.js';
export { HeldJobs, type HeldJobsOptions } from './documents/held-jobs.js';
export type { JobPage, JobQuery } from './documents/job-query.js';
export type { JobReport } from './documents/job-report.js';
export { JobStore } from './documents/job-store.js';
export type { NewJob } from './documents/new-job.js';
export { newJobId, newWorkerId } from './documents/sortable-id.js';
export {
  FIRST_PLAN,
  isArriving,
  restingByConnector,
  restingGenerations,
  rollbackCandidate,
  servingGeneration,
  type GenerationPlan,
} from './generations/generation-plan.js';
export { GenerationStore } from './generations/generation-store.js';
export type { HolderObservation } from './heartbeat/holder-observation.js';
export { HolderObserver, type HolderObserverOptions } from './heartbeat/holder-observer.js';
export { WorkerHeartbeatService, type WorkerHeartbeatOptions } from './heartbeat/worker-heartbeat-service.js';
export { withoutDeaths } from './leases/holder-deaths.js';
export type { FencedLease, LeaseClaimer, LeaseGuard } from './leases/lease-claimer.js';
export { earliestPosition } from './leases/earliest-position.js';
export { isInitialSyncDue } from './leases/initial-sync.js';
export { currentPartitions } from './leases/current-partitions.js';
export { leavesGap, overriddenPosition } from './leases/overridden-position.js';
export { partitionId } from './leases/partition-id.js';
export { PartitionLease } from './leases/partition-lease.js';
export { PartitionStore } from './leases/partition-store.js';
export { LivePublisher, type LivePublisherOptions } from './live/live-publisher.js';
export { AuditRetention } from './retention/audit-retention.js';
export { JobRetention } from './retention/job-retention.js';
export type { JobRetentionLimits } from './retention/reapable-jobs.js';
export type { JobCommand } from './states/job-command.js';
export { isTerminal, nextJob } from './states/next-job.js';
