import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@lockstep/observability';

/** Nest's own messages as our log lines; what it tells about its start is of interest to nobody but us. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ event: 'nest', context: context.at(-1) }, String(message));
  }

  error(message: unknown, ...context: unknown[]): void {
    this.logger.error({ event: 'nest', context: context.at(-1) }, String(message));
  }

  warn(message: unknown, ...context: unknown[]): void {
    this.logger.warn({ event: 'nest', context: context.at(-1) }, String(message));
  }

  debug(message: unknown, ...context: unknown[]): void {
    this.logger.debug({ event: 'nest', context: context.at(-1) }, String(message));
  }

  verbose(message: unknown, ...context: unknown[]): void {
    this.logger.trace({ event: 'nest', context: context.at(-1) }, String(message));
  }
}
