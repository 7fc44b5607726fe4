import { throwIfAborted } from '@lockstep/core';
import type { ElasticClient } from '../client/create-elastic-client.js';
import { classifyElasticError } from '../errors/classify-elastic-error.js';

export interface RemoveMatchingOptions {
  readonly client: ElasticClient;
  readonly alias: string;
  readonly query: object;
  readonly signal?: AbortSignal;
}

const PAGE_DOCS = 1_000;

/**
 * Removes what a query finds in an index of our own, page by page. A document that is changed after it was found is
 * judged anew with the next page; where nothing but such ones are left, they stay for the next call.
 * @returns how many were removed
 * @throws LockstepError JOB_ABORTED, or a classified failure of a request; what is removed by then stays removed
 */
export async function removeMatching(options: RemoveMatchingOptions): Promise<number> {
  const { client, alias, signal } = options;
  const request = signal === undefined ? {} : { signal };
  let removed = 0;
  try {
    await client.indices.refresh({ index: alias }, request);
    for (;;) {
      throwIfAborted(signal);
      const operations = await nextPage(options, request);
      if (operations.length === 0) return removed;
      const { items } = await client.bulk({ index: alias, require_alias: true, operations, refresh: true }, request);
      const done = items.filter((item) => item.delete?.result === 'deleted').length;
      if (done === 0) return removed;
      removed += done;
    }
  } catch (error) {
    throw classifyElasticError(error);
  }
}

async function nextPage(
  { client, alias, query }: RemoveMatchingOptions,
  request: { readonly signal?: AbortSignal },
): Promise<object[]> {
  const { hits } = await client.search(
    { index: alias, query, size: PAGE_DOCS, _source: false, seq_no_primary_term: true, track_total_hits: false },
    request,
  );
  return hits.hits.map((hit) => ({
    delete: { _id: hit._id, if_seq_no: hit._seq_no, if_primary_term: hit._primary_term },
  }));
}
