import type { ShardHistories } from '@lockstep/contracts';
import type { ElasticClient } from '@lockstep/elastic';
import { askInParts } from './ask-in-parts.js';

interface ShardStats {
  readonly routing?: { readonly primary?: boolean };
  readonly commit?: { readonly user_data?: { readonly history_uuid?: string } };
}

/**
 * Reads the histories of the shards of indices, by index. What cannot be told now is absent, a shard without an active
 * primary as well. Nothing at all is told to credentials without the privilege `monitor`.
 * @throws LockstepError JOB_ABORTED, or what no later look would pass
 */
export async function readShardHistories(
  client: ElasticClient,
  indices: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ShardHistories>> {
  const found = await askInParts(indices, async (index) => {
    const answer = await client.indices.stats(
      {
        index,
        metric: 'docs',
        level: 'shards',
        filter_path: 'indices.*.shards.*.commit.user_data.history_uuid,indices.*.shards.*.routing.primary',
      },
      { signal },
    );
    return Object.entries(answer.indices ?? {});
  });
  return new Map(
    found.map(([name, { shards }]) => [name, historiesOf((shards ?? {}) as Record<string, readonly ShardStats[]>)]),
  );
}

function historiesOf(shards: Record<string, readonly ShardStats[]>): ShardHistories {
  const histories: Record<string, string> = {};
  for (const [shard, copies] of Object.entries(shards)) {
    const primary = copies.find((copy) => copy.routing?.primary === true);
    const history = primary?.commit?.user_data?.history_uuid;
    if (history !== undefined) histories[shard] = history;
  }
  return histories;
}
