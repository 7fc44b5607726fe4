import { pino, type DestinationStream, type Logger } from 'pino';
import { redactText } from '../redaction/redact-text.js';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** JSON lines on standard output (or `destination`), secrets taken out. `name` is the app. */
export function createLogger(level: LogLevel, name: string, destination?: DestinationStream): Logger {
  const options = { level, name, hooks: { streamWrite: redactText } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
