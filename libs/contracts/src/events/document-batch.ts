import type { ClusterTime, ErrorCode } from '@lockstep/core';
import type { ChangeOperation } from './change-event.js';
import type { OriginalId } from './hashed-id.js';

export type DocumentCause = 'read' | ChangeOperation;

/** The state of a document that is to be in the index; its JSON is `body.subarray(start, end)`. */
export interface IndexDocument {
  readonly operation: 'index';
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** Of documents with a hashed id only. */
  readonly originalId?: OriginalId;
}

/** A document that is not to be in the index. */
export interface DeleteDocument {
  readonly operation: 'delete';
  readonly id: string;
}

/** A document that cannot be written as JSON: it becomes a dead letter. */
export interface RejectDocument {
  readonly operation: 'reject';
  readonly id: string;
  readonly code: ErrorCode;
  /** Dotted path of the offending field, null when it is the whole document. */
  readonly field: string | null;
  /** Of documents with a hashed id only. */
  readonly originalId?: OriginalId;
}

export type DocumentState = IndexDocument | DeleteDocument | RejectDocument;

/** BSON types by which fields are mapped. `number` families are told apart: docs/documents.md. */
export type BsonTypeName =
  | 'double'
  | 'string'
  | 'object'
  | 'array'
  | 'binary'
  | 'uuid'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'null'
  | 'regex'
  | 'dbPointer'
  | 'code'
  | 'symbol'
  | 'int'
  | 'timestamp'
  | 'long'
  | 'decimal'
  | 'minKey'
  | 'maxKey';

/** A field met for the first time with this type; path as it stands in the JSON body, dot-joined. */
export interface FieldType {
  readonly path: string;
  readonly type: BsonTypeName;
}

/** In how many documents of a sample a field has a type. */
export interface FieldTypeCount extends FieldType {
  /** 1 or more. */
  readonly documents: number;
}

/** What the conversion had to bend, counted by kind. */
export type ConversionNotes = Readonly<Record<string, number>>;

/** The states of some documents of one collection, read together, converted to JSON. */
export interface DocumentBatch {
  readonly collection: string;
  /** UTF-8 JSON of all index operations, one after the other. Valid until the batch is released. */
  readonly body: Buffer;
  readonly documents: readonly DocumentState[];
  readonly newFields: readonly FieldType[];
  readonly notes: ConversionNotes;
  /** `operationTime` of the last read of the batch. */
  readonly operationTime: ClusterTime;
}
