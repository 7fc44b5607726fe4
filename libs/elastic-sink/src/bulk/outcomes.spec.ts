import { ITEM_RULES, itemVerdict } from './item-outcome.js';
import { REQUEST_RULES, requestVerdict } from './request-outcome.js';

describe('itemVerdict', () => {
  it.each([
    [200, null, 'index', 'taken', null],
    [201, null, 'index', 'taken', null],
    [200, null, 'delete', 'taken', null],
    [404, null, 'delete', 'taken', null],
    [409, 'version_conflict_engine_exception', 'index', 'newer', null],
    [409, 'version_conflict_engine_exception', 'delete', 'newer', null],
    [404, 'index_not_found_exception', 'index', 'fatal', 'SINK_TARGET_MISSING'],
    [404, 'index_not_found_exception', 'delete', 'fatal', 'SINK_TARGET_MISSING'],
    [400, 'invalid_index_name_exception', 'delete', 'fatal', 'SINK_TARGET_MISSING'],
    [404, 'shard_not_found_exception', 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [400, 'index_closed_exception', 'index', 'hold', 'SINK_TARGET_CLOSED'],
    [403, 'cluster_block_exception', 'index', 'hold', 'SINK_READ_ONLY'],
    [429, 'cluster_block_exception', 'index', 'hold', 'SINK_READ_ONLY'],
    [401, 'security_exception', 'index', 'hold', 'SINK_AUTH_FAILED'],
    [403, 'security_exception', 'index', 'hold', 'SINK_PERMISSION_MISSING'],
    [429, 'es_rejected_execution_exception', 'index', 'retry', 'SINK_THROTTLED'],
    [429, 'circuit_breaking_exception', 'index', 'retry', 'SINK_THROTTLED'],
    [413, null, 'index', 'split', 'SINK_REQUEST_TOO_LARGE'],
    [408, null, 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [502, null, 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [503, 'unavailable_shards_exception', 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [503, 'process_cluster_event_timeout_exception', 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [504, null, 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [500, 'null_pointer_exception', 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [409, 'something_else', 'index', 'retry', 'SINK_REQUEST_FAILED'],
    [400, 'document_parsing_exception', 'index', 'deadLetter', 'SINK_DOCUMENT_REJECTED'],
    [400, 'mapper_parsing_exception', 'index', 'deadLetter', 'SINK_DOCUMENT_REJECTED'],
    [400, 'strict_dynamic_mapping_exception', 'index', 'deadLetter', 'SINK_DOCUMENT_REJECTED'],
    [400, 'illegal_argument_exception', 'index', 'deadLetter', 'SINK_DOCUMENT_REJECTED'],
    [404, null, 'index', 'deadLetter', 'SINK_DOCUMENT_REJECTED'],
    [302, null, 'index', 'retry', 'SINK_RESPONSE_INVALID'],
  ] as const)('%i %s of an %s is %s (%s)', (status, type, operation, outcome, code) => {
    expect(itemVerdict(status, type, operation)).toMatchObject({ outcome, code });
  });

  it('tries for ever what passes by itself, and a few times what is unexplained', () => {
    expect(itemVerdict(503, 'unavailable_shards_exception', 'index').maxAttempts).toBeUndefined();
    expect(itemVerdict(429, null, 'index').maxAttempts).toBeUndefined();
    expect(itemVerdict(500, null, 'index').maxAttempts).toBe(8);
  });

  it('has a source for every row', () => {
    for (const { source } of [...ITEM_RULES, ...REQUEST_RULES]) expect(source).not.toBe('');
  });
});

describe('requestVerdict', () => {
  it.each([
    ['aborted', null, null, 'aborted', 'JOB_ABORTED'],
    ['connection', null, null, 'retry', 'SINK_UNREACHABLE'],
    ['timeout', null, null, 'retry', 'SINK_UNREACHABLE'],
    ['unreadable', null, null, 'retry', 'SINK_RESPONSE_INVALID'],
    ['response', 413, null, 'split', 'SINK_REQUEST_TOO_LARGE'],
    ['response', 429, 'circuit_breaking_exception', 'retry', 'SINK_THROTTLED'],
    ['response', 429, 'cluster_block_exception', 'hold', 'SINK_READ_ONLY'],
    ['response', 401, 'security_exception', 'hold', 'SINK_AUTH_FAILED'],
    ['response', 403, 'security_exception', 'hold', 'SINK_PERMISSION_MISSING'],
    ['response', 403, 'cluster_block_exception', 'hold', 'SINK_READ_ONLY'],
    ['response', 404, 'index_not_found_exception', 'fatal', 'SINK_TARGET_MISSING'],
    ['response', 404, null, 'fatal', 'SINK_REQUEST_REFUSED'],
    ['response', 405, null, 'fatal', 'SINK_REQUEST_REFUSED'],
    ['response', 400, 'action_request_validation_exception', 'split', 'SINK_REQUEST_REFUSED'],
    ['response', 400, 'media_type_header_exception', 'fatal', 'SINK_REQUEST_REFUSED'],
    ['response', 500, null, 'retry', 'SINK_REQUEST_FAILED'],
    ['response', 502, null, 'retry', 'SINK_REQUEST_FAILED'],
    ['response', 503, 'cluster_block_exception', 'retry', 'SINK_REQUEST_FAILED'],
    ['response', 504, null, 'retry', 'SINK_REQUEST_FAILED'],
    ['misuse', null, null, 'fatal', 'SINK_REQUEST_REFUSED'],
    ['unknown', null, null, 'fatal', 'INTERNAL_ERROR'],
  ] as const)('%s %s %s is %s (%s)', (kind, status, type, outcome, code) => {
    expect(requestVerdict(kind, status, type)).toMatchObject({ outcome, code });
  });
});
