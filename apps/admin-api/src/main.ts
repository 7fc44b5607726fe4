import 'reflect-metadata';
import { asLockstepError } from '@lockstep/core';
import { createLogger } from '@lockstep/observability';
import { loadSettings } from '@lockstep/settings';
import { createApp } from './create-app.js';
import { appVersion } from './system/app-version.js';

async function main(): Promise<void> {
  const { settings, warnings, redacted } = loadSettings('admin-api');
  const logger = createLogger(settings.logLevel, 'admin-api');
  process.on('unhandledRejection', (reason) => {
    logger.fatal({ event: 'process.crashed', err: reason }, 'unhandled rejection');
    process.exit(1);
  });
  for (const warning of warnings) logger.warn({ event: 'settings.warning' }, warning);
  logger.info({ event: 'process.starting', version: appVersion(), settings: redacted }, 'starting');
  const app = await createApp({ settings, logger });
  app.enableShutdownHooks([], { useProcessExit: true });
  const { host, port, token } = settings.api;
  await app.listen(port, host);
  if (token === undefined) {
    logger.warn({ event: 'access.loopback' }, 'no LOCKSTEP_API_TOKEN: the API serves this machine only');
  }
  const name = host.includes(':') ? `[${host}]` : host;
  logger.info({ event: 'process.listening', url: `http://${name}:${String(port)}/` }, 'listening');
}

main().catch((error: unknown) => {
  const { code, message, cause } = asLockstepError(error);
  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  process.stderr.write(`admin-api cannot start: ${code}: ${message}${reason}\n`);
  process.exitCode = 1;
});
