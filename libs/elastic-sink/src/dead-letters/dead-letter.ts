import { createHash } from 'node:crypto';
import type { ErrorCode } from '@lockstep/core';

export type DeadLetterState = 'open' | 'resolved' | 'discarded';

/** A document that is not in the index as it is in the source, and why. */
export interface DeadLetter {
  readonly schema: 1;
  /** Made from connector, namespace, generation and document id: one document has one dead letter. */
  readonly id: string;
  readonly state: DeadLetterState;
  readonly connectorId: string;
  readonly connectorName: string;
  /** `database.collection` */
  readonly namespace: string;
  /** What the binding resolves to: read alias or index. */
  readonly binding: string;
  readonly generation: number;
  /** Ordinal of the partition that has the document; absent in letters of older versions, which are the lead's. */
  readonly partition?: number;
  /** The concrete index. */
  readonly index: string;
  /** The Elasticsearch id. */
  readonly documentId: string;
  /** The `_id` as typed text: the same as `documentId`, unless that is a hash. */
  readonly originalId: string;
  /** Version of the refused state, decimal text. */
  readonly version: string;
  readonly code: ErrorCode;
  /** Elasticsearch's `error.type`; for documents that could not be converted, the code. */
  readonly errorType: string;
  readonly field: string | null;
  /** True when the index still holds an older state, because `onRefused` is `keepOld`. */
  readonly isStale: boolean;
  /** Document content; null unless the connector allows it. */
  readonly reason: string | null;
  readonly body: string | null;
  /** How often this document was refused since it was last in order. */
  readonly seenCount: number;
  /** ISO 8601, UTC. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly closedAt: string | null;
  readonly discardedBy: string | null;
  readonly discardReason: string | null;
  /** Set while it is asked that the document is read and written again; absent in letters of older versions. */
  readonly retry?: DeadLetterRetry | null;
  /** Why the last retry could not be made; never content. */
  readonly note?: string | null;
}

/** A wish of an operator; the holder of the partition acts on it. */
export interface DeadLetterRetry {
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  readonly requestedBy: string;
}

export interface DeadLetterKey {
  readonly connectorId: string;
  readonly namespace: string;
  readonly generation: number;
  readonly documentId: string;
}

export function deadLetterId(key: DeadLetterKey): string {
  const text = JSON.stringify([key.connectorId, key.namespace, key.generation, key.documentId]);
  return `dl_${createHash('sha256').update(text).digest('hex').slice(0, 40)}`;
}
