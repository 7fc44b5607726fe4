/** A config entry as the index keeps it. Its document id is its key. */
export interface ConfigEntryDocument {
  readonly schema: 1;
  readonly key: string;
  readonly sealed: boolean;
  /** Key that a sealed entry was sealed with; null for a plain one. */
  readonly keyId: string | null;
  /** `{value}` of a plain entry, `{jwe}` of a sealed one; not searchable. */
  readonly content: { readonly value: unknown } | { readonly jwe: string };
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What the API shows of an entry: never a sealed value, neither as text nor as ciphertext. */
export type ConfigEntryView =
  | {
      readonly key: string;
      readonly sealed: false;
      readonly value: unknown;
      readonly updatedAt: string;
      readonly etag: string;
    }
  | {
      readonly key: string;
      readonly sealed: true;
      readonly keyId: string;
      readonly updatedAt: string;
      readonly etag: string;
    };

export type ConfigEntryInput = { readonly value: unknown } | { readonly secret: string } | { readonly sealed: string };

export interface PageRequest {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly nextPageToken: string | null;
}
