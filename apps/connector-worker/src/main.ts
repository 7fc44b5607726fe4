import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { asLockstepError } from '@lockstep/core';
import { createLogger } from '@lockstep/observability';
import { loadSettings, readKillOrder } from '@lockstep/settings';
import { WorkerModule } from './worker.module.js';
import { killWhenReached } from './worker/kill-when-reached.js';
import { endAtOnceOnSecondSignal, endOnUnhandledError } from './worker/process-end.js';

async function main(): Promise<void> {
  const { settings, warnings, redacted } = loadSettings('connector-worker');
  const logger = createLogger(settings.logLevel, 'connector-worker');
  endOnUnhandledError(logger);
  const killOrder = readKillOrder();
  if (killOrder !== null) killWhenReached(killOrder, logger);
  for (const warning of warnings) logger.warn({ event: 'settings.warning' }, warning);
  logger.info({ event: 'settings.loaded', settings: redacted }, 'settings');
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.of(settings, logger),
    new FastifyAdapter({ forceCloseConnections: true }),
    { logger: false },
  );
  app.enableShutdownHooks([], { useProcessExit: true });
  endAtOnceOnSecondSignal();
  await app.listen(settings.worker.port, settings.worker.host);
  logger.info(
    { event: 'http.listening' },
    `health and metrics on http://${settings.worker.host}:${settings.worker.port}`,
  );
}

main().catch((error: unknown) => {
  const { code, message, fields } = asLockstepError(error);
  const lines = [`${code}: ${message}`, ...fields.map((field) => `  ${field.pointer}: ${field.message}`)];
  if (code === 'INTERNAL_ERROR') lines.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = 1;
});
