/** URLs of the servers that all tests of a run share. */
export interface TestServers {
  /** One-member replica set with `enableTestCommands`. */
  readonly mongodbUrl: string;
  /** Without security; no `GET /`, no painless. */
  readonly elasticsearchUrl: string;
}

/**
 * The shared servers, started by the run's global set-up (or named by the environment beforehand). Use names of your
 * own in them: {@link uniqueName}.
 * @throws Error outside of a run with that set-up
 */
export function testServers(): TestServers {
  const mongodbUrl = process.env.LOCKSTEP_TEST_MONGODB_URL;
  const elasticsearchUrl = process.env.LOCKSTEP_TEST_ELASTICSEARCH_URL;
  if (!mongodbUrl || !elasticsearchUrl) {
    throw new Error('no test servers: run this in the jest project "integration" or "e2e", or set LOCKSTEP_TEST_*_URL');
  }
  return { mongodbUrl, elasticsearchUrl };
}
