import { errors } from '@elastic/elasticsearch';
import { LockstepError } from '@lockstep/core';
import { classifyElasticError, responseCode } from './classify-elastic-error.js';
import { ElasticFailure, refusalReason } from './elastic-failure.js';

const response = (statusCode: number, body: unknown): errors.ResponseError =>
  new errors.ResponseError({ statusCode, body, headers: {}, warnings: null, meta: {} } as never);

describe('responseCode', () => {
  it.each([
    [401, 'security_exception', 'SINK_AUTH_FAILED'],
    [403, 'security_exception', 'SINK_PERMISSION_MISSING'],
    [403, 'cluster_block_exception', 'SINK_READ_ONLY'],
    [429, 'cluster_block_exception', 'SINK_READ_ONLY'],
    [429, 'circuit_breaking_exception', 'SINK_THROTTLED'],
    [429, null, 'SINK_THROTTLED'],
    [404, 'index_not_found_exception', 'SINK_TARGET_MISSING'],
    [404, null, 'SINK_REQUEST_REFUSED'],
    [409, 'version_conflict_engine_exception', 'CONFIG_VERSION_CONFLICT'],
    [413, null, 'SINK_REQUEST_TOO_LARGE'],
    [400, 'index_closed_exception', 'SINK_TARGET_CLOSED'],
    [400, 'illegal_argument_exception', 'SINK_REQUEST_REFUSED'],
    [502, null, 'SINK_UNREACHABLE'],
    [503, 'master_not_discovered_exception', 'SINK_UNREACHABLE'],
    [503, 'cluster_block_exception', 'SINK_REQUEST_FAILED'],
    [500, 'null_pointer_exception', 'SINK_REQUEST_FAILED'],
    [302, null, 'SINK_RESPONSE_INVALID'],
  ] as const)('answers %i %s with %s', (status, type, code) => {
    expect(responseCode(status, type)).toBe(code);
  });
});

describe('classifyElasticError', () => {
  it('keeps neither request nor answer', () => {
    const error = classifyElasticError(
      response(400, { error: { type: 'document_parsing_exception', reason: 'value [4111-1111]' } }),
    );
    expect(error.code).toBe('SINK_REQUEST_REFUSED');
    expect(error.cause).toBeInstanceOf(ElasticFailure);
    expect(`${error.message} ${String(error.cause)} ${JSON.stringify(error.cause)}`).not.toContain('4111');
  });

  it.each([
    [new errors.ConnectionError('connect ECONNREFUSED 127.0.0.1:1'), 'SINK_UNREACHABLE'],
    [new errors.TimeoutError('Request timed out'), 'SINK_UNREACHABLE'],
    [new errors.RequestAbortedError('Request aborted'), 'JOB_ABORTED'],
    [new errors.DeserializationError('x', '<html>'), 'SINK_RESPONSE_INVALID'],
    [new errors.ConfigurationError('x'), 'SINK_REQUEST_REFUSED'],
    [response(502, '<html>bad gateway</html>'), 'SINK_UNREACHABLE'],
    [new TypeError('x is not a function'), 'INTERNAL_ERROR'],
  ])('classifies %p', (error, code) => {
    expect(classifyElasticError(error).code).toBe(code);
  });

  it('leaves coded errors as they are', () => {
    const error = new LockstepError('JOB_UNKNOWN');
    expect(classifyElasticError(error)).toBe(error);
  });
});

it('refusalReason reads the innermost words of Elasticsearch', () => {
  const body = {
    error: {
      type: 'mapper_parsing_exception',
      reason: 'Failed to parse mapping',
      caused_by: { type: 'illegal_argument_exception', reason: 'unknown analyzer [x]' },
    },
  };
  expect(refusalReason(response(400, body))).toBe('unknown analyzer [x]');
  expect(refusalReason(new Error('x'))).toBeNull();
});
