import type { Logger } from '@lockstep/observability';
import type { FastifyInstance } from 'fastify';

const CHANGES: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Answers every request under its id, and logs it: changes at `info`, reads at `debug`. The route's
 * pattern is logged, not the path, and never a body or a header.
 */
export function logRequests(instance: FastifyInstance, logger: Logger): void {
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  instance.addHook('onResponse', (request, reply, done) => {
    const fields = {
      event: 'http.answered',
      requestId: request.id,
      method: request.method,
      route: request.is404 ? null : (request.routeOptions.url ?? null),
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
    };
    if (CHANGES.has(request.method)) logger.info(fields, 'request answered');
    else logger.debug(fields, 'request answered');
    done();
  });
}
