/** What the test library takes from here. Types: index.d.mts. */
import { addTestPlugin, testPluginDigest } from './elasticsearch-plugin.mjs';
import { provisionElasticsearch } from './provision.mjs';

export { launchElasticsearch } from './elasticsearch.mjs';
export { guardedFolder } from './folder-guard.mjs';
export { launchMongod } from './mongod.mjs';
export { endProcess, freePort, isAlive, isPortTaken } from './processes.mjs';
export { provisionElasticsearch, provisionMongod } from './provision.mjs';
export { ensureReplicaSet } from './replica-set.mjs';
export { startSuiteServers } from './suite-servers.mjs';
export { ensureChromium, findChromium } from './tools.mjs';

/**
 * Elasticsearch with the test plugin, which security and `GET /` need.
 * @param {{ version?: string }} [options]
 */
export const provisionCompleteElasticsearch = async ({ version } = {}) =>
  provisionElasticsearch({ version, extend: { name: `complete-${await testPluginDigest()}`, apply: addTestPlugin } });
