import { randomBytes } from 'node:crypto';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { definitionRefusal } from './definition-refusal.js';

export interface CheckedDefinition {
  /** The index that is to be made. */
  readonly index: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly mappings: Readonly<Record<string, unknown>>;
}

const MAX_NAME_BYTES = 255;

/**
 * Makes an index of the definition under a name of its own, without aliases, and deletes it at once: what
 * Elasticsearch refuses is known before anything has the name of the target.
 * @throws LockstepError SINK_TARGET_INVALID with Elasticsearch's words, SINK_SHARD_LIMIT_REACHED, SINK_AUTH_FAILED,
 * SINK_UNREACHABLE
 */
export async function checkDefinition(client: ElasticClient, definition: CheckedDefinition): Promise<void> {
  const { index, settings, mappings } = definition;
  const name = throwAwayName(index);
  let isRefused = false;
  try {
    await client.indices.create({ index: name, settings, mappings, wait_for_active_shards: 0 });
  } catch (error) {
    const refusal = definitionRefusal(error, index);
    isRefused = refusal.code === 'SINK_TARGET_INVALID';
    throw refusal;
  } finally {
    // A request that was cut off may have made it all the same.
    if (!isRefused) await remove(client, name);
  }
}

/** Begins like the target, so that the same index templates and privileges hold. */
export function throwAwayName(index: string): string {
  const suffix = `-check-${randomBytes(6).toString('hex')}`;
  let start = index;
  while (Buffer.byteLength(start) + suffix.length > MAX_NAME_BYTES) start = start.slice(0, -1);
  return `${start}${suffix}`;
}

async function remove(client: ElasticClient, name: string): Promise<void> {
  try {
    await client.indices.delete({ index: name, ignore_unavailable: true });
  } catch (error) {
    throw classifyElasticError(error);
  }
}
