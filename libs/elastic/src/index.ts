export {
  createElasticClient,
  type ElasticClient,
  type ElasticConnectionOptions,
} from './client/create-elastic-client.js';
export { probeElasticsearch, type ElasticsearchProbe } from './client/probe-elasticsearch.js';
export { removeMatching, type RemoveMatchingOptions } from './documents/remove-matching.js';
export {
  DocumentStore,
  type StorePage,
  type StoreSearchRequest,
  type StoreWriteOptions,
} from './documents/document-store.js';
export { etagOf, type StoredDocument } from './documents/stored-document.js';
export { classifyElasticError, responseCode } from './errors/classify-elastic-error.js';
export {
  ElasticFailure,
  elasticFailure,
  readErrorBody,
  refusalReason,
  type FailureKind,
} from './errors/elastic-failure.js';
export { bootstrapStateIndices } from './state-indices/bootstrap-state-indices.js';
export { stateAlias } from './state-indices/state-alias.js';
export { STATE_INDICES, type StateIndexDefinition, type StateIndexName } from './state-indices/state-indices.js';
