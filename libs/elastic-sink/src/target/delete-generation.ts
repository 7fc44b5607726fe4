import { LockstepError } from '@lockstep/core';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { readIndices } from './stored-index.js';
import { readMark } from './target-mark.js';

export interface DeleteGenerationOptions {
  readonly client: ElasticClient;
  readonly connectorId: string;
  readonly installationId: string;
  readonly generation: number;
  readonly signal: AbortSignal;
}

/** `-000001` at the end of the index of a generation; before it stands its read alias. */
const GENERATION_SUFFIX = /-\d{6,}$/;

/**
 * Deletes every index that carries the mark of the connector and of the generation, also those that no
 * checkpoint knows, because a crash came between. Can be repeated.
 * @returns the names of the deleted indices
 * @throws LockstepError JOB_STATE_CONFLICT when a read alias leads to one of them: then nothing is deleted
 */
export async function deleteGeneration(options: DeleteGenerationOptions): Promise<readonly string[]> {
  const { client, connectorId, installationId, generation, signal } = options;
  const doomed: string[] = [];
  for (const name of await markedIndices(client, signal)) {
    const [index] = await readIndices(client, name, signal);
    const mark = index?.mark ?? null;
    const isDoomed =
      mark?.installationId === installationId && mark.connectorId === connectorId && mark.generation === generation;
    if (index === undefined || !isDoomed) continue;
    const readAlias = name.replace(GENERATION_SUFFIX, '');
    if (readAlias in index.aliases) {
      throw new LockstepError('JOB_STATE_CONFLICT', `Not deleted: searches by the alias ${readAlias} go to ${name}`);
    }
    doomed.push(name);
  }
  try {
    for (const index of doomed) await client.indices.delete({ index, ignore_unavailable: true }, { signal });
  } catch (error) {
    throw classifyElasticError(error);
  }
  return doomed;
}

/** Indices that carry a mark of ours, whoever's; as far as the credentials let see. */
async function markedIndices(client: ElasticClient, signal: AbortSignal): Promise<readonly string[]> {
  try {
    const found = await client.indices.getMapping(
      { index: '*', expand_wildcards: ['open', 'closed'], filter_path: '*.mappings._meta.lockstep' },
      { signal },
    );
    return Object.entries(found)
      .filter(([, { mappings }]) => readMark(mappings._meta) !== null)
      .map(([name]) => name)
      .sort();
  } catch (error) {
    throw classifyElasticError(error);
  }
}
