import { maxClusterTime } from '@lockstep/core';
import type { DocumentBatch, LookUpOptions } from '@lockstep/contracts';
import type { BatchBuilder } from '../conversion/batch-builder.js';
import type { SourceQuery } from '../query/source-query.js';
import type { KeyReader } from './key-reader.js';

export interface LookUpContext {
  readonly reader: KeyReader;
  readonly query: SourceQuery;
  readonly builder: BatchBuilder;
}

/**
 * The state of every asked key: found and matching the filter, converted; not found, a deletion.
 * `operationTime` is that of the last reply; of no key, it is `atLeast`.
 */
export async function lookUp(context: LookUpContext, options: LookUpOptions): Promise<DocumentBatch> {
  const { reader, query, builder } = context;
  const { collection, keys, atLeast, signal } = options;
  const { filter, projection } = query;
  const replies = await reader.read({ collection, keys, filter, projection, atLeast, signal });
  const missing = new Set(keys.map((key) => key.id));
  const batch = builder.build({
    collection,
    replies,
    operationTime: replies.reduce((time, reply) => maxClusterTime(time, reply.operationTime), atLeast),
    // A collation can find documents that were not asked for, and an `_id` can be found once only.
    accepts: (id) => missing.delete(id),
  });
  const deletions = [...missing].map((id) => ({ operation: 'delete', id }) as const);
  return { ...batch, documents: [...batch.documents, ...deletions] };
}
