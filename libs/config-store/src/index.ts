export { ConfigEntries, type ConfigEntryReader } from './entries/config-entries.js';
export type {
  ConfigEntryDocument,
  ConfigEntryInput,
  ConfigEntryView,
  Page,
  PageRequest,
} from './entries/config-entry.js';
export { newConnectorId } from './connectors/connector-id.js';
export { ConnectorStore } from './connectors/connector-store.js';
export { connectorView, type ConnectorView } from './connectors/connector-view.js';
export { parseConnectorInput, type ConnectorInputContext } from './input/parse-connector-input.js';
export { patchConnector } from './patch/patch-connector.js';
export { secretContext, type SecretField } from './secrets/secret-context.js';
export { SecretResolver } from './secrets/secret-resolver.js';
export { matchesCollection } from './template/collection-patterns.js';
export { resolveIndexName } from './template/resolve-index-name.js';
