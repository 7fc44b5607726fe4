import { LOG_LEVELS, type AppName } from './settings.js';

/** How a value is read and checked. */
export type SettingKind =
  | { readonly type: 'text' }
  | { readonly type: 'url' }
  | { readonly type: 'host' }
  | { readonly type: 'path' }
  | { readonly type: 'prefix' }
  | { readonly type: 'workerId' }
  | { readonly type: 'choice'; readonly values: readonly string[] }
  | { readonly type: 'integer'; readonly min: number; readonly max: number };

/** One environment variable. */
export interface SettingDefinition {
  readonly name: string;
  readonly description: string;
  /** Who reads it. A `make` variable is known to the apps and ignored by them. */
  readonly readBy: readonly (AppName | 'make')[];
  readonly kind: SettingKind;
  readonly default: string | null;
  /** Apps that do not start without it. */
  readonly requiredBy: readonly AppName[];
  /** Never printed; may come from the file that `<name>_FILE` names. */
  readonly isSecret: boolean;
}

const BOTH = ['admin-api', 'connector-worker'] as const satisfies readonly AppName[];
const API = ['admin-api'] as const satisfies readonly AppName[];
const WORKER = ['connector-worker'] as const satisfies readonly AppName[];
const MAKE = ['make'] as const;
const DAY_MS = 86_400_000;
const PORT = { type: 'integer', min: 1, max: 65_535 } as const satisfies SettingKind;

type Details = Omit<SettingDefinition, 'default' | 'requiredBy' | 'isSecret'> &
  Partial<Pick<SettingDefinition, 'default' | 'requiredBy' | 'isSecret'>>;

const define = (details: Details): SettingDefinition => ({
  default: null,
  requiredBy: [],
  isSecret: false,
  ...details,
});

const milliseconds = (
  name: string,
  range: readonly [number, number, number],
  description: string,
  readBy: SettingDefinition['readBy'] = WORKER,
): SettingDefinition =>
  define({
    name,
    description,
    readBy,
    kind: { type: 'integer', min: range[0], max: range[2] },
    default: String(range[1]),
  });

/**
 * Every environment variable of Lockstep: of both apps and of the Makefile. A `LOCKSTEP_` name that is
 * not here (nor `<secret>_FILE`, nor under one of {@link FOREIGN_PREFIXES}) stops an app at its start.
 * `docs/reference/settings.md` is generated from this table.
 */
export const SETTINGS_CATALOGUE: readonly SettingDefinition[] = [
  define({
    name: 'LOCKSTEP_ELASTICSEARCH_URL',
    description:
      'URL of the Elasticsearch that keeps the state of Lockstep, and the default target. No credentials in it.',
    readBy: BOTH,
    kind: { type: 'url' },
    requiredBy: BOTH,
  }),
  define({
    name: 'LOCKSTEP_ELASTICSEARCH_API_KEY',
    description: 'API key (base64 of `id:key`). Not together with a user name.',
    readBy: BOTH,
    kind: { type: 'text' },
    isSecret: true,
  }),
  define({
    name: 'LOCKSTEP_ELASTICSEARCH_USERNAME',
    description: 'User name for basic authentication; needs the password.',
    readBy: BOTH,
    kind: { type: 'text' },
  }),
  define({
    name: 'LOCKSTEP_ELASTICSEARCH_PASSWORD',
    description: 'Password of that user.',
    readBy: BOTH,
    kind: { type: 'text' },
    isSecret: true,
  }),
  define({
    name: 'LOCKSTEP_ELASTICSEARCH_CA_FILE',
    description: 'File with the PEM certificate of the authority that signed the certificate of Elasticsearch.',
    readBy: BOTH,
    kind: { type: 'path' },
  }),
  define({
    name: 'LOCKSTEP_INDEX_PREFIX',
    description: 'Prefix of the indices that keep the state of Lockstep.',
    readBy: BOTH,
    kind: { type: 'prefix' },
    default: 'lockstep',
  }),
  define({
    name: 'LOCKSTEP_LOG_LEVEL',
    description: 'Least severe level that is logged.',
    readBy: BOTH,
    kind: { type: 'choice', values: LOG_LEVELS },
    default: 'info',
  }),
  milliseconds(
    'LOCKSTEP_LEASE_TTL_MS',
    [2_000, 10_000, 300_000],
    'How long the heartbeat of a worker may stand still before it counts as dead and another one takes its partitions. The same for all workers and the API.',
    BOTH,
  ),
  define({
    name: 'LOCKSTEP_API_HOST',
    description: 'Address that the API listens on. Another one than loopback needs LOCKSTEP_API_TOKEN.',
    readBy: API,
    kind: { type: 'host' },
    default: '127.0.0.1',
  }),
  define({
    name: 'LOCKSTEP_API_PORT',
    description: 'Port that the API listens on.',
    readBy: API,
    kind: PORT,
    default: '9292',
  }),
  define({
    name: 'LOCKSTEP_API_TOKEN',
    description: 'Bearer token of the administrator, at least 16 characters. Without it the API serves loopback only.',
    readBy: API,
    kind: { type: 'text' },
    isSecret: true,
  }),
  define({
    name: 'LOCKSTEP_PUBLIC_KEYS_DIR',
    description: 'Folder with the public keys that secrets are sealed with. A private key in it is refused.',
    readBy: API,
    kind: { type: 'path' },
    requiredBy: API,
  }),
  define({
    name: 'LOCKSTEP_WORKER_HOST',
    description: 'Address that health and metrics of the worker are served on.',
    readBy: WORKER,
    kind: { type: 'host' },
    default: '127.0.0.1',
  }),
  define({
    name: 'LOCKSTEP_WORKER_PORT',
    description: 'Port that health and metrics of the worker are served on.',
    readBy: WORKER,
    kind: PORT,
    default: '9293',
  }),
  define({
    name: 'LOCKSTEP_WORKER_ID',
    description: 'Fixed id of the worker: letters, digits, `.`, `_`, `-`, up to 64. Unset: a new one at every start.',
    readBy: WORKER,
    kind: { type: 'workerId' },
  }),
  define({
    name: 'LOCKSTEP_PRIVATE_KEYS_DIR',
    description: 'Folder with the private keys that open sealed secrets.',
    readBy: WORKER,
    kind: { type: 'path' },
    requiredBy: WORKER,
  }),
  milliseconds(
    'LOCKSTEP_HEARTBEAT_INTERVAL_MS',
    [250, 3_000, 60_000],
    'How often a worker writes its heartbeat; at most a third of LOCKSTEP_LEASE_TTL_MS.',
  ),
  milliseconds(
    'LOCKSTEP_POLL_INTERVAL_MS',
    [100, 1_000, 60_000],
    'How often a worker looks for partitions to claim. Above half of LOCKSTEP_LEASE_TTL_MS, a takeover from a dead worker waits for three looks more.',
  ),
  milliseconds(
    'LOCKSTEP_SHUTDOWN_GRACE_MS',
    [0, 20_000, 300_000],
    'How long a stopping worker waits for writes in flight.',
  ),
  milliseconds('LOCKSTEP_SCAN_TURN_MS', [100, 5_000, 30_000], 'Upper bound of one scan turn.'),
  milliseconds(
    'LOCKSTEP_HISTORY_RETENTION_MS',
    [DAY_MS, 30 * DAY_MS, 3_650 * DAY_MS],
    'How long what is over is kept: finished jobs, closed dead letters, records of the audit with the answers to keyed requests.',
  ),
  milliseconds(
    'LOCKSTEP_GENERATION_RETENTION_MS',
    [60_000, 7 * DAY_MS, 365 * DAY_MS],
    'How long a retired generation is kept for a rollback before its indices are deleted.',
  ),
  milliseconds(
    'LOCKSTEP_STREAM_STALL_MS',
    [1_000, 30_000, 600_000],
    'How long a change stream may stand still while its source goes on, before it is opened anew.',
  ),
  define({
    name: 'LOCKSTEP_QUARANTINE_AFTER',
    description:
      'How many workers in a row may die while they hold a connector before it is left alone until an operator starts it; 0: any number.',
    readBy: WORKER,
    kind: { type: 'integer', min: 0, max: 100 },
    default: '5',
  }),
  milliseconds(
    'LOCKSTEP_QUARANTINE_TRIAL_MS',
    [1_000, 60_000, 3_600_000],
    'How long a worker has to live with a connector for the deaths of those before it to be forgotten. Half of it, doubled by every death, is waited between two tries.',
  ),
  milliseconds(
    'LOCKSTEP_ELASTICSEARCH_TIMEOUT_MS',
    [1_000, 60_000, 600_000],
    'How long a request to Elasticsearch may take. A bulk request that takes longer is sent again, in smaller parts.',
  ),
  define({
    name: 'LOCKSTEP_MONGODB_URL',
    description: 'MongoDB that the make targets use instead of a local one. The apps take URIs from connectors only.',
    readBy: MAKE,
    kind: { type: 'text' },
    isSecret: true,
  }),
  define({
    name: 'LOCKSTEP_STACK_MONGODB_PORT',
    description: 'Port of the local MongoDB that `make run-stack` starts.',
    readBy: MAKE,
    kind: PORT,
    default: '27017',
  }),
  define({
    name: 'LOCKSTEP_STACK_ELASTICSEARCH_PORT',
    description: 'Port of the local Elasticsearch that `make run-stack` starts.',
    readBy: MAKE,
    kind: PORT,
    default: '9200',
  }),
];

/** Names that scripts and tests read; the apps know them and ignore them. */
export const FOREIGN_PREFIXES: readonly string[] = ['LOCKSTEP_STACK_', 'LOCKSTEP_TEST_'];
