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
 * The state of every asked key: found and matching the filter, converted; not found, a deletion, which only the
 * complete answer can tell. `operationTime` is that of the reply; of no key, it is `atLeast`.
 */
export async function* lookUp(context: LookUpContext, options: LookUpOptions): AsyncGenerator<DocumentBatch> {
  const { reader, query, builder } = context;
  const { collection, keys, atLeast, signal } = options;
  const { filter, projection } = query;
  const missing = new Set(keys.map((key) => key.id));
  // A collation can find documents that were not asked for, and an `_id` can be found once only.
  const accepts = (id: string): boolean => missing.delete(id);
  let last = builder.build({ collection, replies: [], operationTime: atLeast, accepts });
  for await (const reply of reader.read({ collection, keys, filter, projection, atLeast, signal })) {
    if (last.documents.length > 0) yield last;
    const operationTime = maxClusterTime(atLeast, reply.operationTime);
    last = builder.build({ collection, replies: [reply], operationTime, accepts });
  }
  const deletions = [...missing].map((id) => ({ operation: 'delete', id }) as const);
  yield { ...last, documents: [...last.documents, ...deletions] };
}
