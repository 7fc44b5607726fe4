import type { FailureKind } from '@lockstep/elastic';
import type { ErrorCode } from '@lockstep/core';

/**
 * What the failure of a whole bulk request means. Whether the server carried it out before it failed
 * does not matter: the same operations with the same versions may be sent any number of times.
 */
export type RequestOutcome = 'retry' | 'split' | 'hold' | 'fatal' | 'aborted';

export interface RequestVerdict {
  readonly outcome: RequestOutcome;
  readonly code: ErrorCode;
}

interface RequestRule extends RequestVerdict {
  readonly kind: FailureKind;
  /** Null matches any status, also none. */
  readonly status: number | '4xx' | null;
  /** Null matches any type, also none. */
  readonly type: string | null;
  readonly source: string;
}

const rule = (
  when: Pick<RequestRule, 'kind'> & Partial<Pick<RequestRule, 'status' | 'type'>>,
  outcome: RequestOutcome,
  code: ErrorCode,
  source: string,
): RequestRule => ({ status: null, type: null, ...when, outcome, code, source });

/** The first row that matches wins. */
export const REQUEST_RULES: readonly RequestRule[] = [
  rule({ kind: 'aborted' }, 'aborted', 'JOB_ABORTED', 'our own signal'),
  rule({ kind: 'connection' }, 'retry', 'SINK_UNREACHABLE', 'refused, reset, closed, unknown host, TLS'),
  rule({ kind: 'timeout' }, 'retry', 'SINK_UNREACHABLE', 'no answer in time; it may have been carried out'),
  rule({ kind: 'unreadable' }, 'retry', 'SINK_RESPONSE_INVALID', 'truncated, not JSON, wrong number of items'),
  rule({ kind: 'response', status: 413 }, 'split', 'SINK_REQUEST_TOO_LARGE', 'http.max_content_length'),
  rule(
    { kind: 'response', status: 429, type: 'cluster_block_exception' },
    'hold',
    'SINK_READ_ONLY',
    'INDEX_READ_ONLY_ALLOW_DELETE_BLOCK',
  ),
  rule({ kind: 'response', status: 429 }, 'retry', 'SINK_THROTTLED', 'circuit_breaking_exception, indexing pressure'),
  rule({ kind: 'response', status: 401 }, 'hold', 'SINK_AUTH_FAILED', 'security_exception'),
  rule(
    { kind: 'response', status: 403, type: 'cluster_block_exception' },
    'hold',
    'SINK_READ_ONLY',
    'cluster.blocks.read_only',
  ),
  rule({ kind: 'response', status: 403 }, 'hold', 'SINK_PERMISSION_MISSING', 'security_exception'),
  rule(
    { kind: 'response', status: 404, type: 'index_not_found_exception' },
    'fatal',
    'SINK_TARGET_MISSING',
    'TransportBulkAction',
  ),
  rule({ kind: 'response', status: 408 }, 'retry', 'SINK_REQUEST_FAILED', 'a proxy that waited too long'),
  rule(
    { kind: 'response', status: 400, type: 'media_type_header_exception' },
    'fatal',
    'SINK_REQUEST_REFUSED',
    'elastic/elasticsearch-js#2909: every request would fail alike',
  ),
  rule(
    { kind: 'response', status: 400 },
    'split',
    'SINK_REQUEST_REFUSED',
    'action_request_validation_exception: one bad operation fails all; halving finds it',
  ),
  rule({ kind: 'response', status: '4xx' }, 'fatal', 'SINK_REQUEST_REFUSED', 'a wrong URL, a proxy'),
  rule({ kind: 'response' }, 'retry', 'SINK_REQUEST_FAILED', '5xx: no master, state not recovered, bad gateway'),
  rule({ kind: 'misuse' }, 'fatal', 'SINK_REQUEST_REFUSED', 'the client refuses the request'),
  rule({ kind: 'unknown' }, 'fatal', 'INTERNAL_ERROR', 'a bug of ours'),
];

export function requestVerdict(kind: FailureKind, status: number | null, errorType: string | null): RequestVerdict {
  const found = REQUEST_RULES.find(
    (r) => r.kind === kind && matches(r.status, status) && (r.type === null || r.type === errorType),
  );
  return found ?? { outcome: 'fatal', code: 'INTERNAL_ERROR' };
}

function matches(wanted: RequestRule['status'], status: number | null): boolean {
  if (wanted === null) return true;
  return wanted === '4xx' ? status !== null && status >= 400 && status < 500 : wanted === status;
}
