import type { ErrorCode } from '@lockstep/core';

/**
 * What one item of a bulk answer means:
 * - `taken`: the index holds this state
 * - `newer`: the index holds a newer state, which is as good
 * - `retry`: send again with the same version, after a delay
 * - `split`: send again in a smaller request
 * - `hold`: nothing can be written until somebody or something lifts it
 * - `deadLetter`: this document will never be taken as it is
 * - `fatal`: the target is not there; nothing can be written to it
 */
export type ItemOutcome = 'taken' | 'newer' | 'retry' | 'split' | 'hold' | 'deadLetter' | 'fatal';

export interface ItemVerdict {
  readonly outcome: ItemOutcome;
  readonly code: ErrorCode | null;
  /** After so many tries the document is kept as a dead letter; absent: tried for ever. */
  readonly maxAttempts?: number;
}

interface ItemRule extends ItemVerdict {
  readonly status: number | '2xx' | '4xx' | '5xx';
  /** Null matches any type, also none. */
  readonly type: string | null;
  /** Where this behaviour comes from. */
  readonly source: string;
}

/** An unexplained 500 may be a passing fault or a document that trips a bug of the server. */
const UNEXPLAINED_MAX_ATTEMPTS = 8;

/** The first row that matches wins. */
export const ITEM_RULES: readonly ItemRule[] = [
  { status: '2xx', type: null, outcome: 'taken', code: null, source: 'DocWriteResponse.status' },
  {
    status: 409,
    type: 'version_conflict_engine_exception',
    outcome: 'newer',
    code: null,
    source: 'VersionType.EXTERNAL_GTE.isVersionConflictForWrites: only a lower version conflicts',
  },
  {
    status: 404,
    type: 'index_not_found_exception',
    outcome: 'fatal',
    code: 'SINK_TARGET_MISSING',
    source: 'TransportBulkAction with require_alias',
  },
  {
    status: 400,
    type: 'invalid_index_name_exception',
    outcome: 'fatal',
    code: 'SINK_TARGET_MISSING',
    source: 'a delete with an external version would create the index, whose name is then refused (upper case)',
  },
  {
    status: 404,
    type: 'shard_not_found_exception',
    outcome: 'retry',
    code: 'SINK_REQUEST_FAILED',
    source: 'ShardNotFoundException while a shard moves',
  },
  {
    status: 400,
    type: 'index_closed_exception',
    outcome: 'hold',
    code: 'SINK_TARGET_CLOSED',
    source: 'IndexClosedException.status',
  },
  {
    status: 403,
    type: 'cluster_block_exception',
    outcome: 'hold',
    code: 'SINK_READ_ONLY',
    source: 'IndexMetadata.INDEX_WRITE_BLOCK, INDEX_READ_ONLY_BLOCK',
  },
  {
    status: 429,
    type: 'cluster_block_exception',
    outcome: 'hold',
    code: 'SINK_READ_ONLY',
    source: 'IndexMetadata.INDEX_READ_ONLY_ALLOW_DELETE_BLOCK (flood stage)',
  },
  { status: 401, type: null, outcome: 'hold', code: 'SINK_AUTH_FAILED', source: 'security_exception' },
  { status: 403, type: null, outcome: 'hold', code: 'SINK_PERMISSION_MISSING', source: 'security_exception' },
  {
    status: 429,
    type: null,
    outcome: 'retry',
    code: 'SINK_THROTTLED',
    source: 'es_rejected_execution_exception, circuit_breaking_exception',
  },
  { status: 413, type: null, outcome: 'split', code: 'SINK_REQUEST_TOO_LARGE', source: 'RestStatus' },
  { status: 408, type: null, outcome: 'retry', code: 'SINK_REQUEST_FAILED', source: 'RestStatus' },
  {
    status: 503,
    type: null,
    outcome: 'retry',
    code: 'SINK_REQUEST_FAILED',
    source:
      'unavailable_shards_exception, no_shard_available_action_exception, process_cluster_event_timeout_exception',
  },
  { status: 502, type: null, outcome: 'retry', code: 'SINK_REQUEST_FAILED', source: 'RestStatus' },
  { status: 504, type: null, outcome: 'retry', code: 'SINK_REQUEST_FAILED', source: 'RestStatus' },
  {
    status: '5xx',
    type: null,
    outcome: 'retry',
    code: 'SINK_REQUEST_FAILED',
    maxAttempts: UNEXPLAINED_MAX_ATTEMPTS,
    source: 'already_closed_exception and other passing faults; also bugs that one document trips',
  },
  {
    status: 409,
    type: null,
    outcome: 'retry',
    code: 'SINK_REQUEST_FAILED',
    maxAttempts: UNEXPLAINED_MAX_ATTEMPTS,
    source: 'conflicts that are not about the version',
  },
  {
    status: '4xx',
    type: null,
    outcome: 'deadLetter',
    code: 'SINK_DOCUMENT_REJECTED',
    source:
      'document_parsing_exception, mapper_parsing_exception, strict_dynamic_mapping_exception, illegal_argument_exception',
  },
];

const UNKNOWN: ItemVerdict = { outcome: 'retry', code: 'SINK_RESPONSE_INVALID', maxAttempts: UNEXPLAINED_MAX_ATTEMPTS };

/**
 * @param status the item's own status
 * @param errorType the item's `error.type`; null when the item carries no error
 * @param operation a delete that finds nothing answers 404 without an error: that is what was wanted
 */
export function itemVerdict(status: number, errorType: string | null, operation: 'index' | 'delete'): ItemVerdict {
  if (status === 404 && errorType === null && operation === 'delete') return { outcome: 'taken', code: null };
  return ITEM_RULES.find((r) => matches(r.status, status) && (r.type === null || r.type === errorType)) ?? UNKNOWN;
}

function matches(wanted: ItemRule['status'], status: number): boolean {
  if (typeof wanted === 'number') return wanted === status;
  return Math.floor(status / 100) === Number(wanted[0]);
}
