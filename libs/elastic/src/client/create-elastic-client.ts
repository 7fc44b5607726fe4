import { Client, type ClientOptions } from '@elastic/elasticsearch';

/** The official client. Everything that talks to Elasticsearch is given one. */
export type ElasticClient = Client;

export interface ElasticConnectionOptions {
  readonly url: string;
  readonly apiKey?: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the certificate authority. */
  readonly ca?: string;
  /**
   * How long one request may take, milliseconds.
   * @defaultValue 60_000
   */
  readonly requestTimeoutMs?: number;
}

const DEFAULT_REQUEST_TIMEOUT_MS = 60_000;

/**
 * A client without retries of its own: whether a request may be sent again is our decision, made from
 * the outcome tables. Compression is off (gzip costs sixty times what the bytes cost on a local
 * network), connections are kept alive, errors carry no credentials.
 *
 * The time-out is a property of the client, never of one request: the connection layer fires the
 * `abort` event of the caller's own signal when a request with a time-out of its own takes too long.
 */
export function createElasticClient(options: ElasticConnectionOptions): ElasticClient {
  const auth = authOf(options);
  const clientOptions: ClientOptions = {
    node: options.url,
    maxRetries: 0,
    requestTimeout: options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS,
    compression: false,
    redaction: { type: 'replace' },
    // Field names such as `__proto__` are ordinary names in mappings; JSON.parse makes them own
    // properties and nothing here merges parsed objects by assignment.
    disablePrototypePoisoningProtection: true,
    ...(auth === undefined ? {} : { auth }),
    ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
  };
  return new Client(clientOptions);
}

function authOf(options: ElasticConnectionOptions): NonNullable<ClientOptions['auth']> | undefined {
  if (options.apiKey !== undefined) return { apiKey: options.apiKey };
  if (options.username === undefined) return undefined;
  return { username: options.username, password: options.password ?? '' };
}
