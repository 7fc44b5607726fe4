import { LockstepError } from '@lockstep/core';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { requireAllShards } from './all-shards.js';

/**
 * Makes everything that was written visible to searches. Copies that are not there now are no failure: they show it when
 * they are back. Where a primary is missing, Elasticsearch waits for it for a minute.
 * @throws LockstepError SINK_REQUEST_FAILED when a shard could not do it
 */
export async function refreshIndex(client: ElasticClient, index: string, signal: AbortSignal): Promise<void> {
  try {
    const { _shards: shards } = await client.indices.refresh({ index }, { signal });
    if ((shards?.failed ?? 0) > 0) {
      throw new LockstepError('SINK_REQUEST_FAILED', `refreshing ${index}: ${shards?.failed} shards have failed`);
    }
  } catch (error) {
    throw classifyElasticError(error);
  }
}

/**
 * Documents that a search of an index or alias sees.
 * @throws LockstepError SINK_REQUEST_FAILED when a shard has not answered; SINK_TARGET_MISSING
 */
export async function countDocuments(client: ElasticClient, name: string, signal: AbortSignal): Promise<number> {
  try {
    const { count, _shards: shards } = await client.count({ index: name }, { signal });
    requireAllShards(shards, `counting ${name}`);
    return count;
  } catch (error) {
    throw classifyElasticError(error);
  }
}
