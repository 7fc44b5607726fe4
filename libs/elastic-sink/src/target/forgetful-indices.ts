import type { ElasticClient } from '@lockstep/elastic';
import { askInParts } from './ask-in-parts.js';

const DURABILITY = 'index.translog.durability';

/**
 * Which of the indices write their translog some time after they have acknowledged: a crash of Elasticsearch would
 * lose what the checkpoint has passed already, and nothing would tell. One that cannot be asked now is none of them.
 * @throws LockstepError JOB_ABORTED, or what no later look would pass
 */
export async function readForgetfulIndices(
  client: ElasticClient,
  indices: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found = await askInParts(indices, async (index) => {
    const answer = await client.indices.getSettings({ index, name: DURABILITY, flat_settings: true }, { signal });
    return Object.entries(answer);
  });
  return found
    .filter(([, { settings }]) => (settings as Record<string, unknown> | undefined)?.[DURABILITY] === 'async')
    .map(([name]) => name);
}
