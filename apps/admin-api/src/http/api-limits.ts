/** Limits of the API; shown at `/api/v1/system`. */
export const API_LIMITS = {
  maxBodyBytes: 1_048_576,
  maxJsonDepth: 100,
  /** For receiving a whole request. */
  requestTimeoutMs: 30_000,
  /** For one request of the API to Elasticsearch. */
  stateRequestTimeoutMs: 10_000,
  defaultPageSize: 50,
  maxPageSize: 200,
  maxEventClients: 64,
  maxEventBufferBytes: 1_048_576,
  eventHistory: 2_000,
  idempotencyKeyLifetimeMs: 86_400_000,
} as const;
