import { LockstepError, type ErrorCode } from '@lockstep/core';
import { elasticFailure, type ElasticFailure } from './elastic-failure.js';

interface ResponseRule {
  readonly status: number | 'any5xx' | 'any4xx';
  /** `null` matches any type, also none. */
  readonly type: string | null;
  readonly code: ErrorCode;
}

/**
 * What an answer means; the first row that matches wins. Statuses and types are those of
 * `org.elasticsearch.rest.RestStatus` and `ElasticsearchException.getExceptionName`. A block carries
 * the status of its cause: 403 write and read-only, 429 flood stage, 503 no master or state not
 * recovered (`ClusterBlock`, `INDEX_READ_ONLY_ALLOW_DELETE_BLOCK`).
 */
const RESPONSE_RULES: readonly ResponseRule[] = [
  { status: 401, type: null, code: 'SINK_AUTH_FAILED' },
  { status: 403, type: 'cluster_block_exception', code: 'SINK_READ_ONLY' },
  { status: 403, type: null, code: 'SINK_PERMISSION_MISSING' },
  { status: 404, type: 'index_not_found_exception', code: 'SINK_TARGET_MISSING' },
  { status: 408, type: null, code: 'SINK_REQUEST_FAILED' },
  { status: 409, type: 'version_conflict_engine_exception', code: 'CONFIG_VERSION_CONFLICT' },
  { status: 413, type: null, code: 'SINK_REQUEST_TOO_LARGE' },
  { status: 429, type: 'cluster_block_exception', code: 'SINK_READ_ONLY' },
  { status: 429, type: null, code: 'SINK_THROTTLED' },
  { status: 400, type: 'index_closed_exception', code: 'SINK_TARGET_CLOSED' },
  { status: 'any4xx', type: null, code: 'SINK_REQUEST_REFUSED' },
  { status: 502, type: null, code: 'SINK_UNREACHABLE' },
  { status: 503, type: 'master_not_discovered_exception', code: 'SINK_UNREACHABLE' },
  { status: 504, type: null, code: 'SINK_UNREACHABLE' },
  { status: 'any5xx', type: null, code: 'SINK_REQUEST_FAILED' },
];

/**
 * Any error of a client call as a coded one, by status and `error.type` only. The original is not
 * kept, because it holds what was sent and answered; the cause is an `ElasticFailure`.
 */
export function classifyElasticError(error: unknown): LockstepError {
  if (error instanceof LockstepError) return error;
  const failure = elasticFailure(error);
  const code = codeOf(failure);
  if (code === 'INTERNAL_ERROR') return new LockstepError(code, undefined, { cause: error });
  return new LockstepError(code, undefined, { cause: failure });
}

function codeOf(failure: ElasticFailure): ErrorCode {
  switch (failure.kind) {
    case 'response':
      return responseCode(failure.status ?? 0, failure.errorType);
    case 'connection':
    case 'timeout':
      return 'SINK_UNREACHABLE';
    case 'aborted':
      return 'JOB_ABORTED';
    case 'unreadable':
      return 'SINK_RESPONSE_INVALID';
    case 'misuse':
      return 'SINK_REQUEST_REFUSED';
    case 'unknown':
      return 'INTERNAL_ERROR';
  }
}

/** The code for an answer of Elasticsearch (or of something in between). */
export function responseCode(status: number, errorType: string | null): ErrorCode {
  const rule = RESPONSE_RULES.find((r) => matchesStatus(r.status, status) && (r.type === null || r.type === errorType));
  return rule?.code ?? 'SINK_RESPONSE_INVALID';
}

function matchesStatus(wanted: ResponseRule['status'], status: number): boolean {
  if (wanted === 'any4xx') return status >= 400 && status < 500;
  if (wanted === 'any5xx') return status >= 500 && status < 600;
  return wanted === status;
}
