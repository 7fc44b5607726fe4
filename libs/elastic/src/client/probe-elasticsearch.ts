import { LockstepError } from '@lockstep/core';
import { classifyElasticError } from '../errors/classify-elastic-error.js';
import { elasticFailure } from '../errors/elastic-failure.js';
import type { ElasticClient } from './create-elastic-client.js';

export interface ElasticsearchProbe {
  /** e.g. `8.19.9`; null when the credentials may not see it. */
  readonly version: string | null;
  readonly clusterUuid: string | null;
}

const MIN_MAJOR = 8;

/**
 * Asks who is there. `GET /` is tried first; where it is not served (405) or not allowed (403), the
 * cluster health and the local node answer instead. Credentials that may see none of it are still
 * good for writing, so that is no error.
 * @throws LockstepError SINK_UNREACHABLE, SINK_AUTH_FAILED, SINK_REQUEST_REFUSED (older than version 8), …
 */
export async function probeElasticsearch(client: ElasticClient, signal?: AbortSignal): Promise<ElasticsearchProbe> {
  const options = signal === undefined ? {} : { signal };
  const probe = (await ask(() => viaRoot(client, options))) ??
    (await viaCluster(client, options)) ?? { version: null, clusterUuid: null };
  const major = Number(probe.version?.split('.')[0] ?? MIN_MAJOR);
  if (major < MIN_MAJOR) {
    throw new LockstepError('SINK_REQUEST_REFUSED', `Elasticsearch ${probe.version} is not supported; use 8 or newer`);
  }
  return probe;
}

async function viaRoot(client: ElasticClient, options: { signal?: AbortSignal }): Promise<ElasticsearchProbe> {
  const info = await client.info({}, options);
  return { version: info.version.number, clusterUuid: info.cluster_uuid };
}

async function viaCluster(
  client: ElasticClient,
  options: { signal?: AbortSignal },
): Promise<ElasticsearchProbe | null> {
  const health = await ask(() => client.cluster.health({ filter_path: 'status', timeout: '5s' }, options));
  if (health === null) return null;
  const nodes = await ask(() => client.nodes.info({ node_id: '_local', filter_path: 'nodes.*.version' }, options));
  const state = await ask<{ cluster_uuid?: string }>(() =>
    client.cluster.state({ metric: 'version', filter_path: 'cluster_uuid' }, options),
  );
  return {
    version: Object.values(nodes?.nodes ?? {})[0]?.version ?? null,
    clusterUuid: state?.cluster_uuid ?? null,
  };
}

/** The answer, or null where this question is not served or not allowed. */
async function ask<T>(question: () => Promise<T>): Promise<T | null> {
  try {
    return await question();
  } catch (error) {
    const { status } = elasticFailure(error);
    if (status === 403 || status === 405) return null;
    throw classifyElasticError(error);
  }
}
