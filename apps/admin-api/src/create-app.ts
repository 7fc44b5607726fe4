import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@lockstep/observability';
import type { Settings } from '@lockstep/settings';
import { AppModule } from './app.module.js';
import { guardAccess } from './auth/access-hook.js';
import { assertMayListen } from './auth/bind-rule.js';
import { openRoutes } from './auth/open-routes.js';
import { tokenCheck } from './auth/token-check.js';
import { createAdapter } from './http/create-adapter.js';
import { acceptJsonBodies } from './http/json-body.js';
import { NestLogger } from './http/nest-logger.js';
import { ProblemFilter } from './http/problem-filter.js';
import { logRequests } from './http/request-log.js';
import { RouteTable } from './http/route-table.js';
import { sendSecurityHeaders } from './http/security-headers.js';
import { ObjectBodyPipe, strictValidation } from './http/validation.js';
import { loadKeys } from './keys/load-keys.js';
import { serveDocs } from './openapi/serve-docs.js';
import { BUILT_PUBLIC_DIR, servePages } from './pages/static-pages.js';

export interface CreateAppOptions {
  readonly settings: Settings;
  readonly logger: Logger;
  /**
   * Folder of the console's files.
   * @defaultValue the folder that the build puts them into
   */
  readonly publicDir?: string;
}

/**
 * Puts the API together; it does not listen yet.
 * @throws LockstepError SETTINGS_INVALID when it would be open to others without a token
 */
export async function createApp(options: CreateAppOptions): Promise<NestFastifyApplication> {
  const { settings, logger } = options;
  assertMayListen(settings.api.host, settings.api.token);
  const adapter = createAdapter();
  const server = adapter.getInstance();
  const routes = new RouteTable();
  const pages = new Set<string>();
  routes.watch(server);
  logRequests(server, logger);
  await sendSecurityHeaders(server);
  const { token } = settings.api;
  guardAccess(server, { isTokenValid: token === undefined ? null : tokenCheck(token), isOpen: openRoutes(pages) });
  acceptJsonBodies(server);

  const keys = await loadKeys(settings.publicKeysDir);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of({ settings, logger, keys }), adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    routeConflictPolicy: { duplicate: 'error', shadow: 'error' },
  });
  app.useGlobalFilters(new ProblemFilter(routes, logger));
  app.useGlobalPipes(new ObjectBodyPipe(), strictValidation());
  await servePages(server, options.publicDir ?? BUILT_PUBLIC_DIR, pages);
  serveDocs(app);
  return app;
}
