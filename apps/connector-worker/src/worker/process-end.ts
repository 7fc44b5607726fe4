import type { Logger } from '@lockstep/observability';

/** A second signal while stopping ends the process at once: what was acknowledged is safe anyway. */
export function endAtOnceOnSecondSignal(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    let count = 0;
    process.on(signal, () => {
      count += 1;
      if (count > 1) process.exit(1);
    });
  }
}

/** An error that nobody handled leaves the process in an unknown state: it ends, another worker takes over. */
export function endOnUnhandledError(logger: Logger): void {
  const end = (error: unknown): void => {
    logger.fatal({ event: 'process.failed', err: error }, 'unhandled error');
    process.exit(70);
  };
  process.on('unhandledRejection', end);
  process.on('uncaughtException', end);
}
