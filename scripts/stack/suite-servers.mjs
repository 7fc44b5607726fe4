import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launchElasticsearch } from './elasticsearch.mjs';
import { guardedFolder } from './folder-guard.mjs';
import { launchMongod } from './mongod.mjs';
import { endProcess, freePort } from './processes.mjs';
import { provisionElasticsearch, provisionMongod } from './provision.mjs';
import { step } from './progress.mjs';
import { ensureReplicaSet } from './replica-set.mjs';

/**
 * The servers that all tests of one run share: a one-member replica set with fail points, and an Elasticsearch without
 * security, on free ports, with data of their own. Servers that the environment already names are used instead;
 * LOCKSTEP_TEST_ELASTICSEARCH_VERSION chooses the Elasticsearch that is started.
 * @returns {Promise<{ mongodbUrl: string, elasticsearchUrl: string, stop: () => Promise<void> }>}
 */
export async function startSuiteServers() {
  const named = {
    mongodb: process.env.LOCKSTEP_TEST_MONGODB_URL,
    elasticsearch: process.env.LOCKSTEP_TEST_ELASTICSEARCH_URL,
  };
  if (named.mongodb && named.elasticsearch) {
    return { mongodbUrl: named.mongodb, elasticsearchUrl: named.elasticsearch, stop: async () => undefined };
  }
  const folder = await guardedFolder('suite');
  const pids = [];
  const [mongodbUrl, elasticsearchUrl] = await step('starting the servers of the test suite', () =>
    Promise.all([
      named.mongodb || startMongodb(folder.path, pids),
      named.elasticsearch || startElastic(folder.path, pids),
    ]),
  );
  return {
    mongodbUrl,
    elasticsearchUrl,
    stop: async () => {
      await Promise.all(pids.map((pid) => endProcess(pid, { signal: 'SIGKILL' })));
      await folder.remove();
    },
  };
}

async function startMongodb(root, pids) {
  const mongod = await provisionMongod();
  const folder = join(root, 'mongodb');
  await mkdir(folder);
  const port = await freePort();
  const setParameters = ['enableTestCommands=1'];
  pids.push(await launchMongod({ mongod, folder, port, replicaSet: 'rs0', oplogSizeMb: 512, setParameters }));
  await ensureReplicaSet('rs0', [{ host: `127.0.0.1:${port}` }]);
  return `mongodb://127.0.0.1:${port}/?replicaSet=rs0`;
}

async function startElastic(root, pids) {
  const { home, javaHome } = await provisionElasticsearch({
    version: process.env.LOCKSTEP_TEST_ELASTICSEARCH_VERSION || undefined,
  });
  const folder = join(root, 'elasticsearch');
  await mkdir(folder);
  const [port, transportPort] = [await freePort(), await freePort()];
  pids.push(await launchElasticsearch({ home, javaHome, folder, port, transportPort, isShortLived: true }));
  return `http://127.0.0.1:${port}`;
}
