import { LockstepError } from '@lockstep/core';
import { checkIfMatch } from './if-match.js';
import { isDeeperThan } from './json-body.js';
import { problemHeaders, problemOf, problemOfHttpFailure } from './problem.js';
import { requestIdOf } from './request-id.js';
import { patternOf } from './route-table.js';

describe('If-Match', () => {
  it.each([
    [undefined, undefined],
    ['*', undefined],
    ['"1.2"', '1.2'],
    ['"9.9", "1.2"', '1.2'],
  ])('%j names %j', (header, expected) => {
    expect(checkIfMatch(header, '1.2')).toBe(expected);
  });

  it.each(['"1.3"', 'W/"1.2"', '1.2', '', '"1.2', '"*"'])('%j does not match', (header) => {
    expect(() => checkIfMatch(header, '1.2')).toThrow(
      expect.objectContaining({ code: 'API_PRECONDITION_FAILED' }) as Error,
    );
  });
});

describe('depth of a JSON text', () => {
  it.each([
    ['{"a":[1]}', 2, false],
    ['{"a":[1]}', 1, true],
    ['"[[[["', 0, false],
    ['["\\"[[["]', 1, false],
    ['[[],[],[]]', 2, false],
    ['not json [', 0, true],
  ])('%s is deeper than %i: %s', (text, limit, expected) => {
    expect(isDeeperThan(text, limit)).toBe(expected);
  });
});

describe('a request id', () => {
  it.each(['abc', 'A-1', 'x'.repeat(64)])('%s is taken over', (id) => {
    expect(requestIdOf(id)).toBe(id);
  });
  it.each(['', 'a b', 'x'.repeat(65), 'a\nb', 'ä', undefined, ['a', 'b']])('%j is replaced', (id) => {
    expect(requestIdOf(id)).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a problem', () => {
  it('is what the catalogue says about the code', () => {
    const problem = problemOf(new LockstepError('CONNECTOR_UNKNOWN', 'there is no connector x'), 'r1');
    expect(problem).toEqual({
      type: 'urn:lockstep:error:CONNECTOR_UNKNOWN',
      title: 'No such connector',
      status: 404,
      detail: 'there is no connector x',
      instance: 'urn:lockstep:request:r1',
      code: 'CONNECTOR_UNKNOWN',
      remedy: 'List connectors with GET /api/v1/connectors.',
      errors: [],
    });
  });

  it('has the code of its findings when they are all of one kind', () => {
    const finding = (code: string) => ({ pointer: '/a', code, message: 'm' });
    const codeOf = (...codes: string[]) =>
      problemOf(new LockstepError('API_REQUEST_INVALID', 'x', { fields: codes.map(finding) }), 'r').code;
    expect(codeOf('KEY_UNKNOWN')).toBe('KEY_UNKNOWN');
    expect(codeOf('KEY_UNKNOWN', 'KEY_UNKNOWN')).toBe('KEY_UNKNOWN');
    expect(codeOf('KEY_UNKNOWN', 'API_REQUEST_INVALID')).toBe('API_REQUEST_INVALID');
    expect(codeOf('required')).toBe('API_REQUEST_INVALID');
    expect(codeOf()).toBe('API_REQUEST_INVALID');
  });

  it('says when to try again where that can help', () => {
    const problem = problemOf(new LockstepError('SINK_UNREACHABLE', 'x', { retryAfterMs: 2_500 }), 'r');
    expect(problem.retryAfterMs).toBe(2_500);
    expect(problemHeaders(problem)).toMatchObject({ 'retry-after': '3', 'cache-control': 'no-store' });
    expect(problemOf(new LockstepError('JOB_UNKNOWN'), 'r').retryAfterMs).toBeUndefined();
  });

  it.each([
    [400, 'API_REQUEST_MALFORMED'],
    [408, 'API_REQUEST_MALFORMED'],
    [414, 'API_REQUEST_MALFORMED'],
    [413, 'API_BODY_TOO_LARGE'],
    [500, 'INTERNAL_ERROR'],
  ])('of the HTTP layer with status %i has the code %s', (status, code) => {
    expect(problemOfHttpFailure({ status, reason: undefined }, 'r')).toMatchObject({ status, code });
  });
});

describe('a route pattern', () => {
  it.each([
    ['/a/:id', '/a/1', true],
    ['/a/:id', '/a/1/2', false],
    ['/a/:id', '/a/', false],
    ['/.well-known/x', '/.well-known/x', true],
    ['/.well-known/x', '/Xwell-known/x', false],
  ])('%s takes %s: %s', (pattern, path, expected) => {
    expect(patternOf(pattern).test(path)).toBe(expected);
  });
});
