import { createHash } from 'node:crypto';

/** What kept `_id`s belong to. */
export interface OriginalIdOwner {
  readonly connectorId: string;
  /** The concrete index, one per filling of a target. */
  readonly index: string;
}

/**
 * The side document of an indexed document with a hashed id. It never changes: the id is the hash of the `_id`, so it
 * proves by itself whether the element is the right one.
 */
export interface OriginalIdDocument extends OriginalIdOwner {
  readonly schema: 1;
  readonly id: string;
  /** The hashed Elasticsearch id. */
  readonly documentId: string;
  /** Base64 of the BSON element `[type]["_id\0"][value]`. */
  readonly element: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export function originalIdKey({ connectorId, index }: OriginalIdOwner, documentId: string): string {
  const text = JSON.stringify([connectorId, index, documentId]);
  return `oid_${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}
