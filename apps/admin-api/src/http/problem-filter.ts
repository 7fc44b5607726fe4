import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { asLockstepError, type ErrorCode, LockstepError } from '@lockstep/core';
import type { Logger } from '@lockstep/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_MEDIA_TYPE, type ProblemBody, problemHeaders, problemOf, problemOfHttpFailure } from './problem.js';
import type { RouteTable } from './route-table.js';

const reasonOf = (error: unknown): string | undefined => {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
};

/** Turns everything that ends a request early into problem+json: our errors, Nest's, Fastify's, bugs. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.#problemOf(exception, request, reply);
    if (problem.status >= 500) this.#log(exception, problem, request);
    if (reply.sent) return;
    void reply
      .code(problem.status)
      .headers(problemHeaders(problem))
      .header('content-type', PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problem));
  }

  #problemOf(exception: unknown, request: FastifyRequest, reply: FastifyReply): ProblemBody {
    if (exception instanceof LockstepError) return problemOf(exception, request.id);
    if (!(exception instanceof HttpException)) return problemOf(asLockstepError(exception), request.id);
    const status = exception.getStatus();
    if (status === 404) {
      const allowed = this.routes.methodsOf(request.url);
      if (allowed.length > 0) {
        void reply.header('allow', allowed.join(', '));
        return problemOfHttpFailure({ status: 405, reason: undefined }, request.id);
      }
    }
    return problemOfHttpFailure({ status, reason: reasonOf(exception.cause) }, request.id);
  }

  #log(exception: unknown, problem: ProblemBody, request: FastifyRequest): void {
    const code: ErrorCode = problem.code;
    const fields = {
      event: 'http.failed',
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: problem.status,
      errCode: code,
    };
    if (problem.status === 503) this.logger.warn(fields, problem.title);
    else this.logger.error({ ...fields, err: exception }, problem.title);
  }
}
