import type { ClusterTime } from '@lockstep/core';

/** Which change of the source made us look at a document. */
export type ChangeOperation = 'insert' | 'update' | 'replace' | 'delete';

/** The key of a document in both worlds. */
export interface DocumentKey {
  /** The Elasticsearch id (docs/documents.md): injective, stable; equal `_id`s have equal ids. */
  readonly id: string;
  /** The BSON element of the `_id`, type byte first: `[type][name "_id\0"][value]`. */
  readonly element: Buffer;
}

/** Something happened to one document; its state is read separately. */
export interface KeyEvent {
  readonly kind: 'key';
  readonly operation: ChangeOperation;
  readonly collection: string;
  readonly key: DocumentKey;
  readonly clusterTime: ClusterTime;
  /** UUID of the collection of the event, lower-case hex; null or absent where the server does not say (before 6.0). */
  readonly collectionUuid?: string | null;
}

/** Something happened to a whole collection or database. Ends its batch and is handled alone. */
export interface NamespaceEvent {
  readonly kind: 'namespace';
  readonly operation: 'drop' | 'rename' | 'dropDatabase' | 'invalidate';
  /** Null for dropDatabase and invalidate. */
  readonly collection: string | null;
  /** New name, for a rename; `database.collection`. */
  readonly renamedTo: string | null;
  readonly clusterTime: ClusterTime;
  /** UUID of the collection of the event, lower-case hex; null or absent where the server does not say (before 6.0). */
  readonly collectionUuid?: string | null;
}

export type ChangeEvent = KeyEvent | NamespaceEvent;

/** What one server reply of a change stream carried. */
export interface ChangeBatch {
  readonly events: readonly ChangeEvent[];
  /** Post-batch resume token, base64 of its BSON document: everything up to it is in this batch or before. */
  readonly token: string;
  /** Cluster time of the token, decoded from it. */
  readonly tokenTime: ClusterTime;
  /** `operationTime` of the same reply. */
  readonly operationTime: ClusterTime;
  /** True when the server ended the cursor: nothing more will come from it. */
  readonly isEnd: boolean;
  /** Size of the reply in bytes. */
  readonly byteLength: number;
}
