import { define, type ErrorDefinition } from './error-definition.js';

/** Jobs, leases, checkpoints and the sweep. */
export const JOB_ERRORS = {
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
  GENERATION_UNKNOWN: define(
    'api',
    404,
    'permanent',
    'No such generation',
    'List them with GET /api/v1/connectors/{id}/generations.',
  ),
  CONNECTOR_RESYNC_DUE: define(
    'job',
    409,
    'permanent',
    'A change of the connector waits for a resync',
    'Start a resync into a new generation; until then the index follows the rules that it was filled with.',
  ),
  GENERATION_BRAKE_ENGAGED: define(
    'job',
    409,
    'permanent',
    'The new generation has suspiciously few documents',
    'Check the source and the filter; confirm the job if it is meant.',
  ),
  GENERATION_PARTITION_BEHIND: define(
    'job',
    409,
    'transient',
    'A partition keeps the new generation from serving',
    'Look at what that partition waits for: its conditions, its worker, the lag. The generation serves once it has caught up.',
  ),
  CONNECTOR_SUSPECTED: define(
    'job',
    503,
    'transient',
    'Workers died in a row while they held the connector',
    'Nothing to do: it is tried again apart from others. Look why the workers ended; a start tries it at once.',
  ),
  CONNECTOR_QUARANTINED: define(
    'job',
    409,
    'permanent',
    'The connector is left alone, as it ends its workers again and again',
    'Look why the workers ended (memory, a crash in their log), mend it, then start the connector: it goes on from its position.',
  ),
  CONNECTOR_UNKNOWN: define(
    'api',
    404,
    'permanent',
    'No such connector',
    'List connectors with GET /api/v1/connectors.',
  ),
} as const satisfies Record<string, ErrorDefinition>;
