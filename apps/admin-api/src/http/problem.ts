import { type ErrorCode, ERROR_CATALOGUE, type FieldError, LockstepError } from '@lockstep/core';

/** The media type of every error answer. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** An RFC 9457 problem with our extension members. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly errors: readonly FieldError[];
  /** Milliseconds; only where trying again can help. */
  readonly retryAfterMs?: number;
}

/** What the HTTP layer found wrong before or beside a controller. */
export interface HttpFailure {
  readonly status: number;
  /** Fastify's own code, e.g. `FST_ERR_CTP_BODY_TOO_LARGE`; undefined for anything else. */
  readonly reason: string | undefined;
}

const DEFAULT_RETRY_AFTER_MS = 1_000;

const CODE_BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'API_REQUEST_MALFORMED',
  401: 'API_UNAUTHENTICATED',
  403: 'API_FORBIDDEN',
  404: 'API_ROUTE_UNKNOWN',
  405: 'API_METHOD_NOT_ALLOWED',
  413: 'API_BODY_TOO_LARGE',
  415: 'API_MEDIA_TYPE_UNSUPPORTED',
  429: 'API_LIMIT_REACHED',
  503: 'API_UNAVAILABLE',
};

/** Fastify's reasons in our words: its own messages may repeat parts of the request. */
const DETAIL_BY_REASON: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: 'The body is not valid JSON.',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The body does not have the length that Content-Length says.',
  FST_ERR_BAD_URL: 'The path is not a valid URL path.',
  FST_ERR_MAX_PARAM_LENGTH: 'A part of the path is too long.',
};

/** A problem of the HTTP layer as one of our errors; the status may be finer than the catalogue's. */
export function problemOfHttpFailure(failure: HttpFailure, requestId: string): ProblemBody {
  const code = CODE_BY_STATUS[failure.status] ?? (failure.status < 500 ? 'API_REQUEST_MALFORMED' : 'INTERNAL_ERROR');
  const detail = failure.reason === undefined ? undefined : DETAIL_BY_REASON[failure.reason];
  return { ...problemOf(new LockstepError(code, detail), requestId), status: failure.status };
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERROR_CATALOGUE, code);

/** Where everything that is wrong with a request is of one known kind, that kind is what the request suffers from. */
function codeOf(error: LockstepError): ErrorCode {
  if (error.code !== 'API_REQUEST_INVALID') return error.code;
  const [first, ...others] = new Set(error.fields.map((field) => field.code));
  return first !== undefined && others.length === 0 && isErrorCode(first) ? first : error.code;
}

/** What the API answers when the error ends a request. */
export function problemOf(error: LockstepError, requestId: string): ProblemBody {
  const code = codeOf(error);
  const definition = ERROR_CATALOGUE[code];
  const canRetry = definition.httpStatus === 503 || definition.httpStatus === 429 || error.retryAfterMs !== undefined;
  return {
    type: `urn:lockstep:error:${code}`,
    title: definition.title,
    status: definition.httpStatus,
    detail: error.message,
    instance: `urn:lockstep:request:${requestId}`,
    code,
    remedy: definition.advice,
    errors: error.fields,
    ...(canRetry ? { retryAfterMs: error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS } : {}),
  };
}

/** Headers that belong to a problem, beside its content type. */
export function problemHeaders(problem: ProblemBody): Readonly<Record<string, string>> {
  return {
    'cache-control': 'no-store',
    ...(problem.retryAfterMs === undefined
      ? {}
      : { 'retry-after': String(Math.max(1, Math.ceil(problem.retryAfterMs / 1_000))) }),
    ...(problem.status === 401 ? { 'www-authenticate': 'Bearer realm="lockstep"' } : {}),
  };
}
