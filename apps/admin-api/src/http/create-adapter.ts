import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { API_LIMITS } from './api-limits.js';
import { PROBLEM_MEDIA_TYPE, problemHeaders, problemOfHttpFailure } from './problem.js';
import { requestIdOf } from './request-id.js';

/** What the router itself refuses (a malformed path, an over-long part) never reaches a hook or a filter. */
function answerRouterError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOfHttpFailure({ status: error.statusCode ?? 400, reason: error.code }, request.id);
  void reply
    .code(problem.status)
    .headers(problemHeaders(problem))
    .header('x-request-id', request.id)
    .header('x-content-type-options', 'nosniff')
    .header('content-type', PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problem));
}

/** The HTTP server: bounded bodies, bounded time, connections that a shutdown may cut (event streams). */
export function createAdapter(): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: API_LIMITS.maxBodyBytes,
    requestTimeout: API_LIMITS.requestTimeoutMs,
    keepAliveTimeout: 10_000,
    forceCloseConnections: true,
    // Behind a proxy the proxy's address is the client: forwarded headers are not believed.
    trustProxy: false,
    multipart: false,
    logger: false,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    genReqId: (request: { headers: Record<string, string | string[] | undefined> }) =>
      requestIdOf(request.headers['x-request-id']),
    frameworkErrors: answerRouterError,
    routerOptions: { maxParamLength: 600 },
  });
}
