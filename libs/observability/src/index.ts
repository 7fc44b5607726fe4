export type { Logger } from 'pino';
export { DomainEventBus, type DomainEventListener } from './events/domain-event-bus.js';
export { HealthRegister, type CheckResult, type HealthCheck, type HealthReport } from './health/health-register.js';
export { createLogger, type LogLevel } from './logging/create-logger.js';
export { logSubscriber } from './logging/log-subscriber.js';
export { METRICS_CATALOGUE, type MetricDefinition } from './metrics/metrics-catalogue.js';
export { Metrics } from './metrics/metrics.js';
export { REDACTED, redactText, redactUri } from './redaction/redact-text.js';
