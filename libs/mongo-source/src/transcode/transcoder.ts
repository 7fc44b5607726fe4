import type { DocumentState, FieldType } from '@lockstep/contracts';
import { DEFAULT_POLICIES, type ConversionPolicies } from './conversion-policies.js';

/** What a batch of documents was converted to. */
export interface TranscodedBatch {
  /** The JSON of all index documents, one after the other. It belongs to the caller from here on. */
  readonly body: Buffer;
  /** Fields met with a BSON type that this transcoder had not met them with before. */
  readonly newFields: FieldType[];
  /** What had to be bent, counted by kind (docs/documents.md); kinds that did not occur are absent. */
  readonly notes: Record<string, number>;
}

/** Converts the documents of one collection from BSON to JSON, bytes to bytes. */
export class Transcoder {
  readonly policies: ConversionPolicies;

  constructor(policies: Partial<ConversionPolicies> = {}) {
    this.policies = { ...DEFAULT_POLICIES, ...policies };
  }

  /** Starts a batch. A batch that was begun and not finished is dropped. */
  begin(): void {
    throw new Error('not written yet');
  }

  /**
   * Converts the BSON document at `source[start, end)`. Never throws, whatever the bytes; never reads outside.
   */
  add(_source: Buffer, _start: number, _end: number): DocumentState {
    throw new Error('not written yet');
  }

  /** Ends the batch and hands over what was written. */
  finish(): TranscodedBatch {
    throw new Error('not written yet');
  }
}
