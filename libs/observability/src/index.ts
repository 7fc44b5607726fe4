export type { Logger } from 'pino';
export { DomainEventBus, type DomainEventListener } from './events/domain-event-bus.js';
export { HealthRegister, type CheckResult, type HealthCheck, type HealthReport } from './health/health-register.js';
export { ProgressWatch } from './health/progress-watch.js';
export { createLogger, type LogLevel } from './logging/create-logger.js';
export { logSubscriber } from './logging/log-subscriber.js';
export {
  METRICS_CATALOGUE,
  type MetricDefinition,
  type MetricName,
  type MetricType,
} from './metrics/metrics-catalogue.js';
export type { Meter, MetricLabels } from './metrics/meter.js';
export { Metrics, type MetricsOptions } from './metrics/metrics.js';
export { REDACTED, redactText, redactUri } from './redaction/redact-text.js';
