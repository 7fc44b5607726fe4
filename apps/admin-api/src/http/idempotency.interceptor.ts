import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { asLockstepError, LockstepError } from '@lockstep/core';
import type { Logger } from '@lockstep/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { catchError, concatMap, from, type Observable, of, switchMap, throwError } from 'rxjs';
import { LOGGER } from '../tokens.js';
import { type IdempotencyClaim, IdempotencyStore, type StoredAnswer } from './idempotency-store.js';

const VALID_KEY = /^[\x21-\x7e]{1,128}$/;
const KEPT_HEADERS = ['location', 'etag'];

/** Gives `Idempotency-Key` its meaning on every POST that runs through a controller. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly store: IdempotencyStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined) return next.handle();
    if (typeof key !== 'string' || !VALID_KEY.test(key)) {
      throw new LockstepError('API_REQUEST_MALFORMED', 'Idempotency-Key is 1 to 128 printable characters.');
    }
    const { method, url, body, id: requestId } = request;
    return from(this.store.claim({ key, method, url, body, requestId })).pipe(
      switchMap((claim) => (claim.kind === 'replay' ? of(replay(reply, claim.answer)) : this.#run(claim, reply, next))),
    );
  }

  #run(claim: IdempotencyClaim & { kind: 'first' }, reply: FastifyReply, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      concatMap(async (body: unknown) => {
        const answer = { status: reply.statusCode, headers: keptHeaders(reply), body };
        try {
          await this.store.complete(claim.record, answer);
        } catch (error) {
          // What was asked for is done, and the caller has to learn it; only the repetition is refused for a while.
          this.logger.warn({ event: 'idempotency.unsaved', errCode: asLockstepError(error).code }, 'answer not kept');
        }
        return body;
      }),
      catchError((error: unknown) =>
        from(this.store.forget(claim.record)).pipe(
          // The request's own failure is what the caller has to see.
          catchError(() => of(undefined)),
          switchMap(() => throwError(() => error)),
        ),
      ),
    );
  }
}

function keptHeaders(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (typeof value === 'string') headers[name] = value;
  }
  return headers;
}

function replay(reply: FastifyReply, answer: StoredAnswer): unknown {
  void reply.status(answer.status).headers(answer.headers).header('idempotency-replayed', 'true');
  return answer.body;
}
