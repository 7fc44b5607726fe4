export { Arrival } from './abort/arrival.js';
export { throwIfAborted } from './abort/throw-if-aborted.js';
export { ERROR_CATALOGUE, type ErrorCode } from './errors/error-catalogue.js';
export type { ErrorDefinition, ErrorKind, RetryClass } from './errors/error-definition.js';
export {
  asLockstepError,
  hasCode,
  LockstepError,
  type FieldError,
  type LockstepErrorOptions,
} from './errors/lockstep-error.js';
export { describeCause } from './errors/describe-cause.js';
export { isKillPoint, KILL_POINTS, type KillPoint } from './kill-points/kill-point-catalogue.js';
export { onKillPoint, reached } from './kill-points/reached.js';
export { backoffDelayMs, type BackoffOptions } from './retry/backoff.js';
export { systemClock, type Clock } from './time/clock.js';
export { sleep } from './time/sleep.js';
export {
  clusterTime,
  clusterTimeIncrement,
  clusterTimeSeconds,
  formatClusterTime,
  maxClusterTime,
  minClusterTime,
  parseClusterTime,
  type ClusterTime,
} from './version/cluster-time.js';
export { parseResumeToken, type ParsedResumeToken } from './version/resume-token.js';
export { documentVersion } from './version/document-version.js';
