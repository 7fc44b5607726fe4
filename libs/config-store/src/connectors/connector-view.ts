import {
  DEFAULT_ERROR_MONITOR,
  type Connector,
  type ConnectorConfig,
  type DesiredState,
  type ElasticsearchConfig,
  type StoredSecret,
} from '@lockstep/contracts';
import { secretView } from './secret-view.js';

/** The part of a connector that clients write, as the API shows it. */
export interface ConnectorConfigView {
  readonly name: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly sink: Readonly<Record<string, unknown>>;
}

/** A connector as the API shows it: no secret, no ciphertext. */
export interface ConnectorView extends ConnectorConfigView {
  readonly id: string;
  readonly revision: number;
  readonly desiredState: DesiredState;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const shown = (key: string, secret: StoredSecret | undefined): Record<string, unknown> =>
  secret === undefined ? {} : { [key]: secretView(secret) };

/** Written field by field: a field that is added to the stored shape is not shown until it is named here. */
function elasticsearchView(config: ElasticsearchConfig): Record<string, unknown> {
  const { url, username, ca, apiKey, password } = config;
  return {
    url,
    ...shown('apiKey', apiKey),
    ...(username === undefined ? {} : { username }),
    ...shown('password', password),
    ...(ca === undefined ? {} : { ca }),
  };
}

export function connectorConfigView({ name, source, sink }: ConnectorConfig): ConnectorConfigView {
  const { elasticsearch } = sink;
  return {
    name,
    source: {
      uri: secretView(source.uri),
      database: source.database,
      collections: source.collections,
      ...(source.filter === undefined ? {} : { filter: source.filter }),
      ...(source.fields === undefined ? {} : { fields: source.fields }),
      onDrop: source.onDrop ?? 'keep',
      onHistoryLost: source.onHistoryLost ?? 'wait',
      partitions: source.partitions ?? 1,
    },
    sink: {
      index: sink.index,
      layout: sink.layout,
      adopt: sink.adopt,
      onRefused: sink.onRefused,
      brakeRatio: sink.brakeRatio,
      deadLetterContent: sink.deadLetterContent,
      errorMonitor: sink.errorMonitor ?? DEFAULT_ERROR_MONITOR,
      ...(elasticsearch === undefined ? {} : { elasticsearch: elasticsearchView(elasticsearch) }),
      ...(sink.strings === undefined ? {} : { strings: sink.strings }),
      ...(sink.conflicts === undefined ? {} : { conflicts: sink.conflicts }),
      ...(sink.fields === undefined ? {} : { fields: sink.fields }),
      ...(sink.mappings === undefined ? {} : { mappings: sink.mappings }),
      ...(sink.settings === undefined ? {} : { settings: sink.settings }),
    },
  };
}

export function connectorView(connector: Connector): ConnectorView {
  const { id, revision, desiredState, createdAt, updatedAt } = connector;
  return { id, ...connectorConfigView(connector.config), revision, desiredState, createdAt, updatedAt };
}
