import { errors } from '@elastic/elasticsearch';

/** How a request ended, as far as decisions need it. */
export type FailureKind = 'response' | 'connection' | 'timeout' | 'aborted' | 'unreadable' | 'misuse' | 'unknown';

/**
 * The cause that our errors keep. The client's own errors carry the request and the answer, that is
 * document content: they never leave this lib.
 */
export class ElasticFailure extends Error {
  override readonly name = 'ElasticFailure';

  constructor(
    readonly kind: FailureKind,
    /** HTTP status; null when there was no answer. */
    readonly status: number | null,
    /** Elasticsearch's `error.type`; null when there is none. */
    readonly errorType: string | null,
    message: string,
  ) {
    super(message);
  }
}

interface ErrorBody {
  readonly type: string | null;
  /** Type of the innermost cause. */
  readonly causeType: string | null;
  readonly reason: string | null;
}

const NO_BODY: ErrorBody = { type: null, causeType: null, reason: null };

/** Reads what a failed request was, without keeping any content. */
export function elasticFailure(error: unknown): ElasticFailure {
  if (error instanceof ElasticFailure) return error;
  if (error instanceof errors.ResponseError) {
    const status = error.statusCode ?? 0;
    const { type } = readErrorBody(error.body);
    return new ElasticFailure('response', status, type, `HTTP ${status}${type === null ? '' : ` ${type}`}`);
  }
  if (error instanceof errors.RequestAbortedError) {
    return new ElasticFailure('aborted', null, null, 'the request was aborted');
  }
  if (error instanceof errors.TimeoutError) return new ElasticFailure('timeout', null, null, 'the request timed out');
  if (error instanceof errors.ConnectionError || error instanceof errors.NoLivingConnectionsError) {
    return new ElasticFailure('connection', null, null, error.message);
  }
  if (error instanceof errors.DeserializationError) {
    return new ElasticFailure('unreadable', null, null, 'the answer is not JSON');
  }
  if (error instanceof errors.ProductNotSupportedError) {
    return new ElasticFailure('unreadable', null, null, 'the answer does not come from Elasticsearch');
  }
  if (error instanceof errors.ElasticsearchClientError) {
    return new ElasticFailure('misuse', null, null, error.name);
  }
  return new ElasticFailure('unknown', null, null, error instanceof Error ? error.name : typeof error);
}

/** Elasticsearch's words about a refused request. They may quote what was sent: only for the operator's own input. */
export function refusalReason(error: unknown): string | null {
  return error instanceof errors.ResponseError ? readErrorBody(error.body).reason : null;
}

/** Reads the `error` member of an answer; every part is null where it is something else. */
export function readErrorBody(body: unknown): ErrorBody {
  const error = member(body, 'error');
  const type = member(error, 'type');
  if (typeof type !== 'string') return NO_BODY;
  let inner = error;
  for (let depth = 0; depth < 10 && member(inner, 'caused_by') !== undefined; depth++)
    inner = member(inner, 'caused_by');
  const causeType = member(inner, 'type');
  const reason = member(inner, 'reason') ?? member(error, 'reason');
  return {
    type,
    causeType: typeof causeType === 'string' ? causeType : null,
    reason: typeof reason === 'string' ? reason : null,
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
