/** A config entry as the index keeps it. Its document id is its key. */
export type ConfigEntryDocument = {
  readonly schema: 1;
  readonly key: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
} & (
  | { readonly sealed: false; readonly value: unknown }
  | { readonly sealed: true; readonly jwe: string; readonly keyId: string }
);

/** What the API shows of an entry: never a sealed value, neither as text nor as ciphertext. */
export type ConfigEntryView = {
  readonly key: string;
  readonly updatedAt: string;
  /** For the `ETag` header. */
  readonly etag: string;
} & ({ readonly sealed: false; readonly value: unknown } | { readonly sealed: true; readonly keyId: string });

/** What a client sends. */
export type ConfigEntryInput =
  | { readonly value: unknown }
  /** Plain text, sealed on receipt. */
  | { readonly secret: string }
  /** A JWE that the client made. */
  | { readonly sealed: string };
