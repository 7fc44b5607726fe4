import {
  MongoAPIError,
  MongoCompatibilityError,
  MongoExpiredSessionError,
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoParseError,
  MongoServerError,
} from 'mongodb';
import { ERROR_CATALOGUE, LockstepError } from '@lockstep/core';
import { classifySourceError } from './classify-source-error.js';
import { SERVER_CODE_TABLE, type CommandPurpose } from './server-code-table.js';

const doing = 'reading';
const serverError = (code: number) => new MongoServerError({ message: 'quotes {ssn: 1}', code });

describe('classifySourceError', () => {
  it.each<[number, CommandPurpose, string]>([
    [286, 'plain', 'SOURCE_HISTORY_LOST'],
    [280, 'token', 'SOURCE_HISTORY_LOST'],
    [136, 'plain', 'SOURCE_HISTORY_LOST'],
    [260, 'token', 'SOURCE_POSITION_INVALID'],
    [50811, 'token', 'SOURCE_POSITION_INVALID'],
    [9, 'token', 'SOURCE_POSITION_INVALID'],
    [9, 'query', 'SOURCE_QUERY_INVALID'],
    [9, 'plain', 'SOURCE_READ_FAILED'],
    [2, 'query', 'SOURCE_QUERY_INVALID'],
    [2, 'token', 'SOURCE_READ_FAILED'],
    [43, 'plain', 'SOURCE_CURSOR_LOST'],
    [237, 'plain', 'SOURCE_CURSOR_LOST'],
    [18, 'plain', 'SOURCE_AUTH_FAILED'],
    [8000, 'plain', 'SOURCE_AUTH_FAILED'],
    [13, 'plain', 'SOURCE_PERMISSION_MISSING'],
    [40573, 'plain', 'SOURCE_NOT_REPLICA_SET'],
    [148, 'plain', 'SOURCE_MAJORITY_UNAVAILABLE'],
    [291, 'plain', 'SOURCE_QUERY_INVALID'],
    [10107, 'plain', 'SOURCE_UNREACHABLE'],
    [11602, 'plain', 'SOURCE_UNREACHABLE'],
    [50, 'plain', 'SOURCE_READ_FAILED'],
    [72, 'plain', 'SOURCE_READ_FAILED'],
    [462, 'plain', 'SOURCE_READ_FAILED'],
    [999_999, 'plain', 'SOURCE_READ_FAILED'],
  ])('server code %d of a %s command is %s', (code, purpose, expected) => {
    const error = classifySourceError(serverError(code), { doing, purpose });
    expect(error.code).toBe(expected);
    expect(error.message).not.toContain('ssn');
    expect(error.cause).toBeInstanceOf(MongoServerError);
  });

  it.each<[unknown, string]>([
    [new MongoNetworkError('x'), 'SOURCE_UNREACHABLE'],
    [new MongoNetworkTimeoutError('x'), 'SOURCE_UNREACHABLE'],
    [new MongoCompatibilityError('x'), 'SOURCE_VERSION_UNSUPPORTED'],
    [new MongoMissingCredentialsError('x'), 'SOURCE_AUTH_FAILED'],
    [new MongoParseError('x'), 'SOURCE_URI_INVALID'],
    [new MongoInvalidArgumentError('x'), 'SOURCE_URI_INVALID'],
    [new MongoAPIError('x'), 'SOURCE_UNREACHABLE'],
    [new MongoExpiredSessionError('x'), 'SOURCE_CURSOR_LOST'],
    [Object.assign(new Error('x'), { code: 'ENOTFOUND' }), 'SOURCE_UNREACHABLE'],
    [new Error('x'), 'SOURCE_READ_FAILED'],
    ['x', 'SOURCE_READ_FAILED'],
  ])('%p is %s', (error, expected) => {
    expect(classifySourceError(error, { doing }).code).toBe(expected);
  });

  it('leaves our own errors as they are', () => {
    const error = new LockstepError('JOB_ABORTED');
    expect(classifySourceError(error, { doing })).toBe(error);
  });

  it('has a source for every row and no code twice for one purpose', () => {
    const seen = SERVER_CODE_TABLE.flatMap((row) => row.codes.map((code) => `${row.purpose ?? '*'} ${code}`));
    expect(new Set(seen).size).toBe(seen.length);
    for (const row of SERVER_CODE_TABLE) {
      expect(row.source).not.toBe('');
      expect(ERROR_CATALOGUE).toHaveProperty(row.error);
    }
  });
});
