import { startSuiteServers, type SuiteServers } from '../../scripts/stack/index.mjs';

declare global {
  var lockstepSuiteServers: SuiteServers | undefined;
}

/** Starts the servers that all tests of a run share. Test processes inherit their URLs through the environment. */
export default async function globalSetup(): Promise<void> {
  if (globalThis.lockstepSuiteServers !== undefined) return;
  const servers = await startSuiteServers();
  globalThis.lockstepSuiteServers = servers;
  process.env.LOCKSTEP_TEST_MONGODB_URL = servers.mongodbUrl;
  process.env.LOCKSTEP_TEST_ELASTICSEARCH_URL = servers.elasticsearchUrl;
}
