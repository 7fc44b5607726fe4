/** How our own state, and connectors without a cluster of their own, reach Elasticsearch. */
export interface ElasticsearchSettings {
  readonly url: string;
  readonly apiKey?: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the certificate authority, read from the file that LOCKSTEP_ELASTICSEARCH_CA_FILE names. */
  readonly ca?: string;
}

export interface ApiSettings {
  readonly host: string;
  readonly port: number;
  /** Bearer token of the administrator; absent means: serve loopback only. */
  readonly token?: string;
}

export interface WorkerSettings {
  readonly host: string;
  readonly port: number;
  /** A fixed worker id; absent means a new one at every start. */
  readonly id?: string;
  readonly heartbeatIntervalMs: number;
  /** How often a worker looks for work, milliseconds. */
  readonly pollIntervalMs: number;
  /** How long a stop waits for writes in flight, milliseconds. */
  readonly shutdownGraceMs: number;
  /** Upper bound of one scan turn, milliseconds. */
  readonly scanTurnMs: number;
  /** How long finished jobs, closed dead letters and audit records are kept, milliseconds. */
  readonly historyRetentionMs: number;
  /** How long a retired generation is kept for a rollback, milliseconds. */
  readonly generationRetentionMs: number;
  /** How long a change stream may stand still while its source goes on, milliseconds. */
  readonly streamStallMs: number;
  /** Workers that die in a row before a connector is left alone; 0: any number. */
  readonly quarantineAfter: number;
  /** How long a worker has to live with a connector for the deaths before it to be forgotten, milliseconds. */
  readonly quarantineTrialMs: number;
  /** How long a request to Elasticsearch may take, also to the clusters of connectors, milliseconds. */
  readonly elasticsearchTimeoutMs: number;
}

/** The whole configuration of a process; frozen. */
export interface Settings {
  readonly elasticsearch: ElasticsearchSettings;
  /** Prefix of the indices of our own state. */
  readonly indexPrefix: string;
  readonly logLevel: LogLevel;
  /** How long a heartbeat may stand still before its worker counts as dead, milliseconds. */
  readonly leaseTtlMs: number;
  readonly api: ApiSettings;
  readonly worker: WorkerSettings;
  /** Set for the API. */
  readonly publicKeysDir?: string;
  /** Set for the worker. */
  readonly privateKeysDir?: string;
}

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type AppName = 'admin-api' | 'connector-worker';
