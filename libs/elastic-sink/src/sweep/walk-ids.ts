import type { WalkOptions } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import { classifyElasticError, elasticFailure, type ElasticClient } from '@lockstep/elastic';
import { requireAllShards, type AskedShards } from '../target/all-shards.js';
import { refreshIndex } from '../target/visible-documents.js';

/** What one scroll goes over: one shard up to a mark, or everything. */
interface Walk {
  readonly query: object;
  readonly preference: string | null;
}

interface ScrollAnswer {
  readonly _scroll_id?: string;
  readonly timed_out?: boolean;
  readonly _shards?: AskedShards;
  readonly hits?: { readonly hits?: readonly { readonly _id?: string }[] };
}

const KEEP_ALIVE = '5m';
const FILTER_PATH = '_scroll_id,timed_out,_shards.total,_shards.successful,_shards.failed,hits.hits._id';

/**
 * Ids in index order, page by page, by scroll: a point in time walked by `_shard_doc` gets slower with
 * every page (elastic/elasticsearch#155559). Sequence numbers belong to a shard, so marks are walked
 * shard by shard.
 * @throws LockstepError SINK_REQUEST_FAILED when a page would be incomplete or the scroll is lost
 */
export async function* walkIds(client: ElasticClient, options: WalkOptions): AsyncGenerator<readonly string[]> {
  await refreshIndex(client, options.target.index, options.signal);
  for (const walk of walksOf(options)) yield* scroll(client, options, walk);
}

function walksOf({ seqNoMarks }: WalkOptions): Walk[] {
  if (seqNoMarks === null) return [{ query: { match_all: {} }, preference: null }];
  return Object.entries(seqNoMarks)
    .filter(([, mark]) => mark >= 0)
    .map(([shard, mark]) => ({ query: { range: { _seq_no: { lte: mark } } }, preference: `_shards:${shard}` }));
}

async function* scroll(client: ElasticClient, options: WalkOptions, walk: Walk): AsyncGenerator<readonly string[]> {
  const request = { signal: options.signal };
  let scrollId: string | undefined;
  try {
    let page = await ask(() =>
      client.transport.request<ScrollAnswer>(
        {
          method: 'POST',
          path: `/${encodeURIComponent(options.target.index)}/_search`,
          querystring: {
            scroll: KEEP_ALIVE,
            filter_path: FILTER_PATH,
            allow_partial_search_results: 'false',
            ...(walk.preference === null ? {} : { preference: walk.preference }),
          },
          body: { _source: false, sort: ['_doc'], size: options.pageSize, query: walk.query },
        },
        request,
      ),
    );
    for (;;) {
      scrollId = page._scroll_id ?? scrollId;
      const ids = idsOf(page);
      if (ids.length === 0 || scrollId === undefined) return;
      yield ids;
      const current = scrollId;
      page = await ask(() =>
        client.transport.request<ScrollAnswer>(
          {
            method: 'POST',
            path: '/_search/scroll',
            querystring: { filter_path: FILTER_PATH },
            body: { scroll: KEEP_ALIVE, scroll_id: current },
          },
          request,
        ),
      );
    }
  } finally {
    // Without the caller's signal: it may be the reason why we stop.
    if (scrollId !== undefined) await clear(client, scrollId);
  }
}

function idsOf(page: ScrollAnswer): string[] {
  if (page.timed_out === true) throw new LockstepError('SINK_REQUEST_FAILED', 'a page of ids is incomplete');
  requireAllShards(page._shards, 'a page of ids is incomplete');
  return (page.hits?.hits ?? []).map((hit) => hit._id ?? '');
}

async function ask(question: () => Promise<ScrollAnswer>): Promise<ScrollAnswer> {
  try {
    return await question();
  } catch (error) {
    // A scroll that is gone (404) is begun again by whoever walks.
    if (
      elasticFailure(error).errorType === 'search_phase_execution_exception' ||
      elasticFailure(error).status === 404
    ) {
      throw new LockstepError('SINK_REQUEST_FAILED', 'the walk over the ids was cut off', {
        cause: elasticFailure(error),
      });
    }
    throw classifyElasticError(error);
  }
}

/** A scroll that cannot be cleared ends by itself after its keep-alive. */
async function clear(client: ElasticClient, scrollId: string): Promise<void> {
  await client.clearScroll({ scroll_id: scrollId }).catch(() => undefined);
}
