/** Which part of the system an error speaks about. */
export type ErrorKind = 'config' | 'auth' | 'source' | 'sink' | 'job' | 'api' | 'internal';

/**
 * What may be done about an error without a person:
 * - `transient`: try again with backoff and jitter
 * - `throttled`: obey the delay and ask for less
 * - `permanent`: a person is needed; trying again changes nothing
 * - `poison`: this one document only; it becomes a dead letter
 * - `positionLost`: the change history is gone; only a resync helps
 * - `aborted`: asked for, not an error
 * - `bug`: an assertion of ours failed
 */
export type RetryClass = 'transient' | 'throttled' | 'permanent' | 'poison' | 'positionLost' | 'aborted' | 'bug';

export interface ErrorDefinition {
  readonly kind: ErrorKind;
  /** The HTTP status that the API answers with when this error ends a request. */
  readonly httpStatus: number;
  readonly retry: RetryClass;
  /** One line, without values. */
  readonly title: string;
  /** What the operator can do. */
  readonly advice: string;
}

const define = (
  kind: ErrorKind,
  httpStatus: number,
  retry: RetryClass,
  title: string,
  advice: string,
): ErrorDefinition => ({ kind, httpStatus, retry, title, advice });

/**
 * Every code that Lockstep can answer, log or store. Codes are stable: they are part of the API.
 * The reference page `docs/reference/errors.md` is generated from this table.
 */
export const ERROR_CATALOGUE = {
  CONFIG_INVALID: define(
    'config',
    422,
    'permanent',
    'The configuration is not valid',
    'Correct the field that the error names.',
  ),
  CONFIG_ENTRY_UNKNOWN: define(
    'config',
    404,
    'permanent',
    'No such config entry',
    'List the entries with GET /api/v1/config; create the missing one.',
  ),
  CONFIG_SECRET_UNREADABLE: define(
    'config',
    422,
    'permanent',
    'A secret value cannot be used',
    'Set the secret again, sealed with the current public key.',
  ),
  CONFIG_VERSION_CONFLICT: define(
    'config',
    409,
    'transient',
    'The document was changed by somebody else',
    'Read it again and repeat the change.',
  ),
  CONFIG_SCHEMA_UNKNOWN: define(
    'config',
    409,
    'permanent',
    'A stored document has a schema that this version does not know',
    'Run the version that wrote it, or a newer one.',
  ),
  SETTINGS_INVALID: define(
    'config',
    500,
    'permanent',
    'The environment is not valid',
    'Correct the variable that the error names; docs/reference/settings.md lists all of them.',
  ),
  KEY_UNKNOWN: define(
    'config',
    422,
    'permanent',
    'The value is sealed with a key that is not known here',
    'Seal it again with a key of /.well-known/jwks.json.',
  ),
  KEY_MISSING: define(
    'config',
    503,
    'permanent',
    'There is no key',
    'Make a key pair with make gen-certs and point the keys directory at it.',
  ),
  SECRET_MALFORMED: define(
    'config',
    422,
    'permanent',
    'The sealed value is not a JWE of the accepted profile',
    'Use a compact JWE with alg and enc as in /.well-known/jwks.json.',
  ),
  SECRET_DECRYPT_FAILED: define(
    'config',
    422,
    'permanent',
    'A sealed value cannot be opened',
    'Check that the worker has the private key that the value was sealed for; seal the value again.',
  ),
  SOURCE_UNREACHABLE: define(
    'source',
    503,
    'transient',
    'MongoDB cannot be reached',
    'Check the host names, ports, TLS and network of the source URI.',
  ),
  SOURCE_URI_INVALID: define(
    'source',
    422,
    'permanent',
    'The MongoDB connection string is not valid',
    'Use mongodb:// or mongodb+srv:// as documented by MongoDB.',
  ),
  SOURCE_AUTH_FAILED: define(
    'auth',
    422,
    'permanent',
    'MongoDB refuses the credentials',
    'Check user, password and authSource; seal the URI again.',
  ),
  SOURCE_PERMISSION_MISSING: define(
    'auth',
    422,
    'permanent',
    'The MongoDB user lacks a privilege',
    'Grant find, changeStream and listCollections on the source database.',
  ),
  SOURCE_NOT_REPLICA_SET: define(
    'source',
    422,
    'permanent',
    'The MongoDB server is not a replica set',
    'Change streams need a replica set; convert the server (one member is enough).',
  ),
  SOURCE_VERSION_UNSUPPORTED: define(
    'source',
    422,
    'permanent',
    'The MongoDB version is not supported',
    'Use MongoDB 5.0 or newer.',
  ),
  SOURCE_MAJORITY_UNAVAILABLE: define(
    'source',
    422,
    'permanent',
    'The MongoDB server does not offer majority reads',
    'Enable majority read concern on the server.',
  ),
  SOURCE_COLLECTION_MISSING: define(
    'source',
    409,
    'transient',
    'No collection of the source matches',
    'Nothing to do: it is picked up when it appears. Check the names if it should be there.',
  ),
  SOURCE_COLLECTION_UNSUPPORTED: define(
    'source',
    422,
    'permanent',
    'The collection cannot be followed',
    'Views and time-series collections have no change stream; name the collections behind them.',
  ),
  SOURCE_READ_FAILED: define(
    'source',
    503,
    'transient',
    'Reading from MongoDB failed',
    'It is tried again. See the cause when it lasts.',
  ),
  SOURCE_QUERY_INVALID: define(
    'source',
    422,
    'permanent',
    'MongoDB refuses the query',
    'Check the filter of the connector.',
  ),
  SOURCE_CURSOR_LOST: define(
    'source',
    503,
    'transient',
    'MongoDB closed the cursor',
    'The stream is reopened from the last checkpoint.',
  ),
  SOURCE_HISTORY_LOST: define(
    'source',
    409,
    'positionLost',
    'The change history no longer holds our position',
    'Start a resync; make the oplog larger.',
  ),
  SOURCE_POSITION_INVALID: define(
    'source',
    409,
    'positionLost',
    'MongoDB does not accept our resume token',
    'Start a resync.',
  ),
  SOURCE_IDENTITY_CHANGED: define(
    'source',
    409,
    'positionLost',
    'The source is not the one that the checkpoint was made with',
    'Check the URI; start a resync if the change was meant.',
  ),
  SOURCE_STREAM_INVALIDATED: define(
    'source',
    409,
    'positionLost',
    'The collection or database was dropped or renamed',
    'Start a resync when the collection is as it should be.',
  ),
  SOURCE_DOCUMENT_CORRUPT: define(
    'source',
    500,
    'poison',
    'A document is not valid BSON',
    'Repair or remove the document in MongoDB, then retry the dead letter.',
  ),
  SOURCE_DOCUMENT_UNSUPPORTED: define(
    'source',
    500,
    'poison',
    'A document cannot be written as JSON',
    'See the dead letter for the field; change the document or the policy.',
  ),
  SINK_UNREACHABLE: define(
    'sink',
    503,
    'transient',
    'Elasticsearch cannot be reached',
    'Check URL, TLS and network; Lockstep goes on by itself when it is back.',
  ),
  SINK_AUTH_FAILED: define(
    'auth',
    503,
    'transient',
    'Elasticsearch refuses the credentials',
    'Renew the API key or password; Lockstep goes on by itself.',
  ),
  SINK_PERMISSION_MISSING: define(
    'auth',
    503,
    'transient',
    'The Elasticsearch credentials lack a privilege',
    'Grant read, write, view_index_metadata, manage on the target indices.',
  ),
  SINK_THROTTLED: define(
    'sink',
    503,
    'throttled',
    'Elasticsearch is overloaded',
    'It is tried again with smaller requests.',
  ),
  SINK_READ_ONLY: define(
    'sink',
    503,
    'transient',
    'The index is blocked for writes',
    'Free disk space or lift the block; Lockstep goes on by itself.',
  ),
  SINK_TARGET_MISSING: define(
    'sink',
    409,
    'positionLost',
    'The index or its write alias is gone',
    'Start a resync to build it again.',
  ),
  SINK_TARGET_FOREIGN: define(
    'sink',
    409,
    'permanent',
    'The target exists and is not ours',
    'Choose another index name, or set sink.adopt to true.',
  ),
  SINK_TARGET_INVALID: define(
    'sink',
    422,
    'permanent',
    'Elasticsearch refuses the index',
    'Correct the name, settings or mappings as the error says.',
  ),
  SINK_TARGET_CLOSED: define(
    'sink',
    503,
    'transient',
    'The index is closed',
    'Open the index; Lockstep goes on by itself.',
  ),
  SINK_IDENTITY_CHANGED: define(
    'sink',
    409,
    'positionLost',
    'The target index is not the one that the checkpoint was made with',
    'Start a resync.',
  ),
  SINK_REQUEST_TOO_LARGE: define(
    'sink',
    413,
    'throttled',
    'The bulk request is too large for Elasticsearch',
    'It is split; raise http.max_content_length if single documents are larger.',
  ),
  SINK_DOCUMENT_REJECTED: define(
    'sink',
    500,
    'poison',
    'Elasticsearch refuses a document',
    'See the dead letter; change the mapping or the document, then retry it.',
  ),
  SINK_DOCUMENT_TOO_LARGE: define(
    'sink',
    500,
    'poison',
    'A document is too large for Elasticsearch',
    'Leave fields out, or raise http.max_content_length.',
  ),
  SINK_RESPONSE_INVALID: define(
    'sink',
    503,
    'transient',
    'Elasticsearch answered something that cannot be read',
    'It is tried again. Check proxies between Lockstep and Elasticsearch.',
  ),
  SINK_REQUEST_FAILED: define(
    'sink',
    503,
    'transient',
    'Elasticsearch could not carry out a request',
    'It is tried again. See the cause when it lasts.',
  ),
  SINK_REQUEST_REFUSED: define(
    'sink',
    422,
    'permanent',
    'Elasticsearch refuses a request',
    'See the cause; correct the configuration.',
  ),
  SINK_ERROR_MONITOR_TRIPPED: define(
    'sink',
    409,
    'permanent',
    'Too many documents are refused',
    'Look at the dead letters by error type; correct the mapping, then start again.',
  ),
  SWEEP_BRAKE_ENGAGED: define(
    'job',
    409,
    'permanent',
    'The sweep would remove suspiciously many documents',
    'Check the source; confirm the job if the removal is meant.',
  ),
  STATE_CORRUPT: define('job', 409, 'positionLost', 'A checkpoint cannot be read', 'Start a resync.'),
  JOB_UNKNOWN: define('job', 404, 'permanent', 'No such job', 'List jobs with GET /api/v1/jobs.'),
  JOB_LEASE_LOST: define(
    'job',
    409,
    'transient',
    'Another worker holds the lease',
    'Nothing to do: the other worker goes on.',
  ),
  JOB_STATE_CONFLICT: define(
    'job',
    409,
    'permanent',
    'The job or connector is in a state that does not allow this',
    'Read its state, then decide again.',
  ),
  JOB_WORKER_MISSING: define('job', 503, 'transient', 'No worker is alive', 'Start a worker: make run-connector.'),
  JOB_ABORTED: define('job', 409, 'aborted', 'The work was stopped on request', 'Nothing to do.'),
  CONNECTOR_UNKNOWN: define(
    'api',
    404,
    'permanent',
    'No such connector',
    'List connectors with GET /api/v1/connectors.',
  ),
  CONNECTOR_NAME_TAKEN: define('api', 409, 'permanent', 'A connector with this name exists', 'Choose another name.'),
  DEAD_LETTER_UNKNOWN: define(
    'api',
    404,
    'permanent',
    'No such dead letter',
    'List them with GET /api/v1/connectors/{id}/dead-letters.',
  ),
  API_REQUEST_MALFORMED: define(
    'api',
    400,
    'permanent',
    'The request cannot be read',
    'Send valid JSON of the documented shape.',
  ),
  API_REQUEST_INVALID: define(
    'api',
    422,
    'permanent',
    'The request is not valid',
    'Correct the fields named in errors.',
  ),
  API_FIELD_UNKNOWN: define(
    'api',
    400,
    'permanent',
    'The request has a field that does not exist',
    'Remove the field named in errors.',
  ),
  API_ROUTE_UNKNOWN: define('api', 404, 'permanent', 'No such resource', 'See /docs for the routes.'),
  API_METHOD_NOT_ALLOWED: define(
    'api',
    405,
    'permanent',
    'The method is not allowed here',
    'See /docs for the routes.',
  ),
  API_UNAUTHENTICATED: define(
    'auth',
    401,
    'permanent',
    'A valid token is needed',
    'Send Authorization: Bearer with the token of LOCKSTEP_API_TOKEN.',
  ),
  API_FORBIDDEN: define(
    'auth',
    403,
    'permanent',
    'The request is not allowed',
    'Use the address that the API is served at, or configure a token.',
  ),
  API_PRECONDITION_FAILED: define(
    'api',
    412,
    'permanent',
    'The document has changed since it was read',
    'Read it again and repeat the change with the new ETag.',
  ),
  API_IDEMPOTENCY_CONFLICT: define(
    'api',
    409,
    'permanent',
    'The Idempotency-Key was used for another request',
    'Use a new key.',
  ),
  API_BODY_TOO_LARGE: define('api', 413, 'permanent', 'The body is too large', 'Bodies are limited to 1 MiB.'),
  API_MEDIA_TYPE_UNSUPPORTED: define(
    'api',
    415,
    'permanent',
    'The content type is not supported',
    'Send application/json.',
  ),
  API_LIMIT_REACHED: define('api', 429, 'throttled', 'A limit is reached', 'Wait and try again.'),
  API_UNAVAILABLE: define(
    'api',
    503,
    'transient',
    'The state store cannot be reached',
    'Check Elasticsearch; the API goes on by itself.',
  ),
  INTERNAL_ERROR: define(
    'internal',
    500,
    'bug',
    'Something unexpected happened',
    'Report it with the request id and the log lines around it.',
  ),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
