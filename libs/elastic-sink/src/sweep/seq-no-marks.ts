import { LockstepError } from '@lockstep/core';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';

interface ShardStats {
  readonly routing?: { readonly primary?: boolean };
  readonly seq_no?: { readonly max_seq_no?: number };
}

/**
 * The highest sequence number of each primary shard right now, by shard number. A document written
 * later has a higher one: what is at or below the mark was there before.
 * @throws LockstepError SINK_REQUEST_FAILED when a shard has no active primary
 */
export async function readSeqNoMarks(
  client: ElasticClient,
  index: string,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  try {
    const answer = await client.indices.stats(
      {
        index,
        level: 'shards',
        filter_path: 'indices.*.shards.*.seq_no.max_seq_no,indices.*.shards.*.routing.primary,_shards.total',
      },
      { signal },
    );
    const shards = (answer.indices?.[index]?.shards ?? {}) as Record<string, readonly ShardStats[]>;
    const marks: Record<string, number> = {};
    for (const [shard, copies] of Object.entries(shards)) {
      const primary = copies.find((copy) => copy.routing?.primary === true);
      const mark = primary?.seq_no?.max_seq_no;
      if (mark === undefined) throw new LockstepError('SINK_REQUEST_FAILED', `shard ${shard} has no active primary`);
      marks[shard] = mark;
    }
    return marks;
  } catch (error) {
    throw classifyElasticError(error);
  }
}
