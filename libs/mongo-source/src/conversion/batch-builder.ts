import type { ClusterTime } from '@lockstep/core';
import type { DocumentBatch, DocumentState } from '@lockstep/contracts';
import type { ConversionPolicies } from '../transcode/conversion-policies.js';
import { Transcoder } from '../transcode/transcoder.js';
import type { CursorReply } from '../raw-reply/cursor-reply.js';

export interface BatchInput {
  readonly collection: string;
  readonly replies: readonly CursorReply[];
  readonly operationTime: ClusterTime;
  /** Which of the documents go into the batch, by their Elasticsearch id; all when absent. */
  readonly accepts?: (id: string) => boolean;
}

/**
 * Makes batches of JSON from raw replies. Keeps one transcoder per collection, which learns its shapes; a
 * batch is built without interruption, so batches of one collection may be asked for concurrently.
 */
export class BatchBuilder {
  readonly #policies: Partial<ConversionPolicies>;
  readonly #transcoders = new Map<string, Transcoder>();

  constructor(policies: Partial<ConversionPolicies>) {
    this.#policies = policies;
  }

  build(input: BatchInput): DocumentBatch {
    const transcoder = this.#transcoderOf(input.collection);
    const documents: DocumentState[] = [];
    transcoder.begin();
    for (const { source, bounds } of input.replies) {
      for (let i = 0; i < bounds.length; i += 2) {
        const document = transcoder.add(source, bounds[i] ?? 0, bounds[i + 1] ?? 0);
        if (input.accepts?.(document.id) ?? true) documents.push(document);
      }
    }
    const { body, newFields, notes } = transcoder.finish();
    return { collection: input.collection, body, documents, newFields, notes, operationTime: input.operationTime };
  }

  #transcoderOf(collection: string): Transcoder {
    const known = this.#transcoders.get(collection);
    if (known !== undefined) return known;
    const made = new Transcoder(this.#policies);
    this.#transcoders.set(collection, made);
    return made;
  }
}
