import { LockstepError } from '@lockstep/core';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { readIndices } from '../target/stored-index.js';

/** A copy of a shard, as `_stats` tells of it. */
export interface ShardStats {
  readonly routing?: { readonly primary?: boolean };
  readonly seq_no?: { readonly max_seq_no?: number };
}

const FILTER_PATH = 'indices.*.shards.*.seq_no.max_seq_no,indices.*.shards.*.routing.primary';

/**
 * The highest sequence number of each primary shard right now, by shard number. A document written
 * later has a higher one: what is at or below the mark was there before.
 * @throws LockstepError SINK_REQUEST_FAILED when a shard has no active primary; SINK_TARGET_MISSING
 */
export async function readSeqNoMarks(
  client: ElasticClient,
  index: string,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const [stored] = await readIndices(client, index, signal);
  if (stored === undefined) throw new LockstepError('SINK_TARGET_MISSING', `${index} is gone`);
  try {
    const answer = await client.indices.stats({ index, level: 'shards', filter_path: FILTER_PATH }, { signal });
    const shards = (answer.indices?.[index]?.shards ?? {}) as Record<string, readonly ShardStats[]>;
    return seqNoMarks(shards, Number(stored.settings.number_of_shards));
  } catch (error) {
    throw classifyElasticError(error);
  }
}

/**
 * The marks that statistics give. Pure. A shard without an assigned copy is not among them at all, and orphans in it
 * would never be looked for: there have to be as many marks as the index has shards. While a primary moves, it is listed
 * twice, and where it comes from is ahead.
 * @throws LockstepError SINK_REQUEST_FAILED when one is missing
 */
export function seqNoMarks(
  shards: Readonly<Record<string, readonly ShardStats[]>>,
  shardCount: number,
): Record<string, number> {
  const marks: Record<string, number> = {};
  for (const [shard, copies] of Object.entries(shards)) {
    const primaries = copies.filter(({ routing }) => routing?.primary === true);
    const known = primaries.flatMap(({ seq_no: seqNo }) => seqNo?.max_seq_no ?? []);
    if (known.length > 0) marks[shard] = Math.max(...known);
  }
  const found = Object.keys(marks).length;
  if (found === shardCount) return marks;
  throw new LockstepError('SINK_REQUEST_FAILED', `${found} of ${shardCount} shards have an active primary`);
}
