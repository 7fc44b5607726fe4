import type { ShardHistories } from '@lockstep/contracts';

/** Whether a shard is not what it was. Shards that are known on one side only say nothing. */
export function hasOtherHistory(known: ShardHistories, now: ShardHistories): boolean {
  return Object.entries(now).some(([shard, history]) => known[shard] !== undefined && known[shard] !== history);
}
