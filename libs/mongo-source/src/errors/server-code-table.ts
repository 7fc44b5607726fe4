import type { ErrorCode } from '@lockstep/core';

/**
 * What a command was for, where that decides what an error means: `token` opens a change stream from a
 * stored position, `query` carries the filter and the fields of the user.
 */
export type CommandPurpose = 'plain' | 'query' | 'token';

interface ServerCodeRow {
  readonly codes: readonly number[];
  readonly error: ErrorCode;
  /** Only for commands of this purpose. */
  readonly purpose?: CommandPurpose;
  /** Where the meaning is written down, and why it is classified so. */
  readonly source: string;
}

/** Server error code → our code. The first row that fits wins. Names: mongo/src/mongo/base/error_codes.yml. */
export const SERVER_CODE_TABLE: readonly ServerCodeRow[] = [
  {
    codes: [286, 280, 136],
    error: 'SOURCE_HISTORY_LOST',
    source:
      'ChangeStreamHistoryLost, ChangeStreamFatalError, CappedPositionLost: no resume can succeed (change streams ' +
      'specification; mongodb/mongot, Errors.java). Going on from "now" would lose changes.',
  },
  {
    codes: [260],
    error: 'SOURCE_POSITION_INVALID',
    source: 'InvalidResumeToken: the token is of another cluster or not resumable. There is no time-stamp fallback.',
  },
  {
    codes: [9, 14, 15, 40647, 40648, 40649, 50790, 50811, 50855],
    purpose: 'token',
    error: 'SOURCE_POSITION_INVALID',
    source:
      'FailedToParse, TypeMismatch, Overflow, resume-token and key-string assertions: tried on 6.0.5 with bad tokens.',
  },
  {
    codes: [43, 237, 175, 234, 222, 12051],
    error: 'SOURCE_CURSOR_LOST',
    source:
      'CursorNotFound, CursorKilled, QueryPlanKilled (collection dropped or renamed under the cursor), ' +
      'RetryChangeStream, CloseChangeStream, CursorInUse: resumable from the checkpoint (change streams specification).',
  },
  {
    codes: [18, 11, 8000],
    error: 'SOURCE_AUTH_FAILED',
    source: 'AuthenticationFailed, UserNotFound; AtlasError is what Atlas answers to wrong credentials.',
  },
  { codes: [13], error: 'SOURCE_PERMISSION_MISSING', source: 'Unauthorized' },
  {
    codes: [40573, 123, 76],
    error: 'SOURCE_NOT_REPLICA_SET',
    source: '$changeStream on a standalone, NotAReplicaSet, NoReplicationEnabled.',
  },
  { codes: [148], error: 'SOURCE_MAJORITY_UNAVAILABLE', source: 'ReadConcernMajorityNotEnabled' },
  {
    codes: [166, 167],
    error: 'SOURCE_COLLECTION_UNSUPPORTED',
    source: 'CommandNotSupportedOnView, OptionNotSupportedOnView (also time-series collections).',
  },
  { codes: [26], error: 'SOURCE_COLLECTION_MISSING', source: 'NamespaceNotFound' },
  {
    codes: [291],
    error: 'SOURCE_QUERY_INVALID',
    source: 'NoQueryExecutionPlans: notablescan forbids the filter; retrying cannot help.',
  },
  {
    codes: [2, 9, 14, 16, 17, 51075, 51091, 51108, 31249, 31250, 31252, 31253, 31254],
    purpose: 'query',
    error: 'SOURCE_QUERY_INVALID',
    source: 'BadValue, FailedToParse, TypeMismatch, regular-expression and projection assertions of a find.',
  },
  {
    codes: [6, 7, 89, 91, 189, 262, 9001, 10107, 10058, 11600, 11602, 13435, 13436, 133],
    error: 'SOURCE_UNREACHABLE',
    source:
      'Node is recovering, shutting down, not primary, or network (server discovery and monitoring specification).',
  },
];

/** Our code for a server error code; `SOURCE_READ_FAILED` (tried again) for codes that have no row. */
export function errorCodeOfServerCode(code: number, purpose: CommandPurpose): ErrorCode {
  const row = SERVER_CODE_TABLE.find(
    (candidate) => candidate.codes.includes(code) && (candidate.purpose ?? purpose) === purpose,
  );
  return row?.error ?? 'SOURCE_READ_FAILED';
}
