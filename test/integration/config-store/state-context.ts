import { bootstrapStateIndices } from '@lockstep/elastic';
import { elasticContext, type ElasticContext } from '../elastic/elastic-server.js';

/** State indices of a test's own. Writes wait for a refresh; a short interval keeps the suite short. */
export async function stateContext(): Promise<ElasticContext> {
  const context = elasticContext();
  await bootstrapStateIndices(context.client, context.prefix);
  const settings = { index: { refresh_interval: '50ms' } };
  await context.client.indices.putSettings({ index: `${context.prefix}-*`, settings });
  return context;
}
