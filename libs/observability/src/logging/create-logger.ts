import { pino, stdTimeFunctions, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import { redactLine } from '../redaction/redact-line.js';
import { loggable } from './loggable.js';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/**
 * A logger that writes one JSON object per line: `time` (ISO 8601, UTC), `level` (its name), `name`, `msg`
 * and, where they apply, `event connectorId jobId partition workerId errCode errKind stage durationMs`.
 * Secrets are taken out of the finished line, by the names of their keys and by their looks, so that
 * nothing that ends up in a line escapes, whatever way it took.
 * @param name the app
 * @param destination @defaultValue standard output, written synchronously
 */
export function createLogger(level: LogLevel, name: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: loggable },
    serializers: { err: (value: unknown) => value },
    hooks: { streamWrite: redactLine },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
