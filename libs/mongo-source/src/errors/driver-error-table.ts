import {
  MongoAPIError,
  MongoCompatibilityError,
  MongoExpiredSessionError,
  MongoInvalidArgumentError,
  MongoMissingCredentialsError,
  MongoNetworkError,
  MongoOperationTimeoutError,
  MongoParseError,
  MongoServerSelectionError,
  MongoSystemError,
  MongoTopologyClosedError,
  MongoNotConnectedError,
} from 'mongodb';
import type { ErrorCode } from '@lockstep/core';

interface DriverErrorRow {
  readonly type: abstract new (...parameters: never[]) => Error;
  readonly error: ErrorCode;
  readonly source: string;
}

/** Class of an error that the driver made itself → our code. The first row that fits wins. */
export const DRIVER_ERROR_TABLE: readonly DriverErrorRow[] = [
  { type: MongoMissingCredentialsError, error: 'SOURCE_AUTH_FAILED', source: 'credentials needed, none in the URI' },
  {
    type: MongoCompatibilityError,
    error: 'SOURCE_VERSION_UNSUPPORTED',
    source: 'wire versions do not overlap, or the topology has no sessions: the driver speaks to 4.4 and newer',
  },
  {
    type: MongoParseError,
    error: 'SOURCE_URI_INVALID',
    source: 'connection string, also what a TXT record adds to it',
  },
  { type: MongoNetworkError, error: 'SOURCE_UNREACHABLE', source: 'socket, TLS, time-out, cleared pool' },
  {
    type: MongoServerSelectionError,
    error: 'SOURCE_UNREACHABLE',
    source: 'no primary within serverSelectionTimeoutMS',
  },
  { type: MongoSystemError, error: 'SOURCE_UNREACHABLE', source: 'topology errors' },
  { type: MongoOperationTimeoutError, error: 'SOURCE_UNREACHABLE', source: 'no answer in time' },
  { type: MongoTopologyClosedError, error: 'SOURCE_UNREACHABLE', source: 'the client was closed meanwhile' },
  { type: MongoNotConnectedError, error: 'SOURCE_UNREACHABLE', source: 'the client was closed meanwhile' },
  { type: MongoExpiredSessionError, error: 'SOURCE_CURSOR_LOST', source: 'the session of the cursor has ended' },
  {
    type: MongoInvalidArgumentError,
    error: 'SOURCE_URI_INVALID',
    source: 'options of the connection string that do not fit together',
  },
  {
    type: MongoAPIError,
    error: 'SOURCE_UNREACHABLE',
    source: 'SRV name without records, client or server closed meanwhile: may pass by itself',
  },
];

const DNS_CODES: readonly unknown[] = [
  'ENOTFOUND',
  'ENODATA',
  'ESERVFAIL',
  'ETIMEOUT',
  'EREFUSED',
  'ECONNREFUSED',
  'EAI_AGAIN',
];

/** Our code for an error that is no server error; undefined when it has no row. */
export function errorCodeOfDriverError(error: unknown): ErrorCode | undefined {
  const row = DRIVER_ERROR_TABLE.find((candidate) => error instanceof candidate.type);
  if (row !== undefined) return row.error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return DNS_CODES.includes(code) ? 'SOURCE_UNREACHABLE' : undefined;
}
