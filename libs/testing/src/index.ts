export { eventually, type EventuallyOptions } from './eventually.js';
export { httpJson, type HttpJsonAnswer, type HttpJsonOptions } from './http-json.js';
export { freePort } from './ports.js';
export {
  ElasticsearchServer,
  startElasticsearch,
  type ApiKey,
  type ElasticsearchAccess,
  type ElasticsearchOptions,
} from './servers/elasticsearch-server.js';
export { MongodMember } from './servers/mongod-member.js';
export { ReplicaSet, startReplicaSet, type ReplicaSetOptions } from './servers/replica-set.js';
export { testServers, type TestServers } from './servers/suite-servers.js';
export { uniqueName } from './unique-name.js';
