import { randomBytes } from 'node:crypto';
import { createElasticClient, type ElasticClient } from '@lockstep/elastic';

/** The real server that this run of the suite has. */
export function elasticUrl(): string {
  const url = process.env.LOCKSTEP_TEST_ELASTICSEARCH_URL;
  if (url === undefined) throw new Error('LOCKSTEP_TEST_ELASTICSEARCH_URL is not set');
  return url;
}

export interface ElasticContext extends AsyncDisposable {
  readonly client: ElasticClient;
  /** Every index of the test begins with it; all of them are removed at the end. */
  readonly prefix: string;
}

export function elasticContext(): ElasticContext {
  const client = createElasticClient({ url: elasticUrl() });
  const prefix = `t${randomBytes(5).toString('hex')}`;
  return {
    client,
    prefix,
    async [Symbol.asyncDispose]() {
      const found = await client.indices.get({
        index: `${prefix}*`,
        expand_wildcards: 'all',
        filter_path: '*.uuid,*.settings.index.uuid',
      });
      const indices = Object.keys(found);
      if (indices.length > 0) await client.indices.delete({ index: indices });
      await client.close();
    },
  };
}
