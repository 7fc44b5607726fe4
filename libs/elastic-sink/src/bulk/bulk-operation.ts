import type { ErrorCode } from '@lockstep/core';
import type { DeleteDocument, IndexDocument, Target } from '@lockstep/contracts';

/** What all operations of one batch for one target share. */
export interface BulkRoute {
  readonly target: Target;
  readonly version: bigint;
  /** JSON of the index operations. */
  readonly body: Buffer;
  readonly namespace: string;
  /** Parts of the action lines, as bytes. */
  readonly indexHead: Buffer;
  readonly deleteHead: Buffer;
  readonly tail: Buffer;
}

/** One operation of a bulk request. */
export interface BulkOperation {
  readonly route: BulkRoute;
  readonly document: IndexDocument | DeleteDocument;
}

/** Why a document was refused, without its content unless the connector keeps it. */
export interface Refusal {
  readonly code: ErrorCode;
  /** Elasticsearch's `error.type`, or `http_413`. */
  readonly errorType: string;
  /** Dotted path of the offending field where Elasticsearch names it. */
  readonly field: string | null;
  /** Elasticsearch's words: document content. Never logged; stored only where the connector allows it. */
  readonly reason: string | null;
}
