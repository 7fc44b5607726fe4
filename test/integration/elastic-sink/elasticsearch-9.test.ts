import { createElasticClient, probeElasticsearch } from '@lockstep/elastic';
import { startElasticsearch, type ElasticsearchServer } from '@lockstep/testing';
// The same contract, asked of the next major version.
import '../elastic/document-store.test.js';
import './dead-letters.test.js';
import './mapping.test.js';
import './targets.test.js';
import './write.test.js';

const VERSION = '9.2.4';

let server: ElasticsearchServer;

/** Behind the imports, and yet before their tests: hooks of the file come before those of its groups. */
beforeAll(async () => {
  server = await startElasticsearch({ version: VERSION });
  process.env.LOCKSTEP_TEST_ELASTICSEARCH_URL = server.url;
}, 300_000);
afterAll(() => server.stop());

describe('Elasticsearch 9', () => {
  it('is what these tests run on', async () => {
    const client = createElasticClient({ url: server.url });
    const { version } = await probeElasticsearch(client);
    await client.close();
    expect(version).toBe(VERSION);
  });
});
