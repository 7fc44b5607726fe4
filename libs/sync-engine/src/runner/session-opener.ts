import type { Clock } from '@lockstep/core';
import type { Connector, EventSink, SinkPort, SourcePort } from '@lockstep/contracts';
import { secretContext, type SecretField, type SecretResolver } from '@lockstep/config-store';
import { createElasticClient, type ElasticClient } from '@lockstep/elastic';
import { createElasticSink, RepairQueue } from '@lockstep/elastic-sink';
import type { GenerationStore, JobStore, PartitionStore } from '@lockstep/jobs';
import { createMongoSource } from '@lockstep/mongo-source';

export interface SessionOpenerOptions {
  /** Client of the cluster that holds our own state; also the sink where a connector names none. */
  readonly stateClient: ElasticClient;
  /** How long one request to the cluster of a connector may take, milliseconds. */
  readonly requestTimeoutMs: number;
  readonly prefix: string;
  readonly installationId: string;
  /** The name of a connector of this installation; null when there is none with this id. */
  readonly connectorName: (connectorId: string) => Promise<string | null>;
  readonly secrets: SecretResolver;
  readonly events: EventSink;
}

/** Both ends of a connector, opened. */
export interface OpenPorts {
  readonly source: SourcePort;
  readonly sink: SinkPort;
  /** Dead letters of one generation, and of the partition, that are to be tried again. */
  repairsOf(generation: number): RepairQueue;
  close(): Promise<void>;
}

/** Opens the secrets of a connector and builds its source and sink. Plain texts live in the clients only. */
export class SessionOpener {
  constructor(private readonly options: SessionOpenerOptions) {}

  /**
   * @param partition ordinal of the partition that writes
   * @throws LockstepError SECRET_DECRYPT_FAILED, CONFIG_SECRET_UNREADABLE, CONFIG_ENTRY_UNKNOWN, SOURCE_URI_INVALID
   */
  async open(connector: Connector, partition = 0): Promise<OpenPorts> {
    const { stateClient, prefix, installationId, connectorName, events } = this.options;
    const { source, sink } = connector.config;
    const uri = await this.secret(connector, 'source.uri', source.uri);
    const ownClient = sink.elasticsearch === undefined ? null : await this.openClient(connector);
    const sinkPort = createElasticSink({
      client: ownClient ?? stateClient,
      stateClient,
      prefix,
      connector: { id: connector.id, name: connector.config.name },
      installationId,
      connectorName,
      config: sink,
      events,
      partition,
    });
    const sourcePort = createMongoSource({
      uri,
      database: source.database,
      ...(source.filter === undefined ? {} : { filter: source.filter }),
      ...(source.fields === undefined ? {} : { fields: source.fields }),
      connectorId: connector.id,
      events,
    });
    return {
      source: sourcePort,
      sink: sinkPort,
      repairsOf: (generation) =>
        new RepairQueue({ client: stateClient, prefix, connectorId: connector.id, generation, partition }),
      close: async () => {
        await Promise.allSettled([sourcePort.close(), sinkPort.close(), ownClient?.close()]);
      },
    };
  }

  /** The source alone, to look at its history: neither the rules nor the sink can be in the way. */
  async openHistory(connector: Connector): Promise<SourcePort> {
    const { source } = connector.config;
    const uri = await this.secret(connector, 'source.uri', source.uri);
    return createMongoSource({
      uri,
      database: source.database,
      connectorId: connector.id,
      events: this.options.events,
    });
  }

  private async openClient(connector: Connector): Promise<ElasticClient> {
    const config = connector.config.sink.elasticsearch;
    if (config === undefined) return this.options.stateClient;
    const { url, username, ca } = config;
    const apiKey = config.apiKey && (await this.secret(connector, 'sink.elasticsearch.apiKey', config.apiKey));
    const password = config.password && (await this.secret(connector, 'sink.elasticsearch.password', config.password));
    return createElasticClient({
      url,
      requestTimeoutMs: this.options.requestTimeoutMs,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(ca === undefined ? {} : { ca }),
    });
  }

  private secret(
    connector: Connector,
    field: SecretField,
    value: Connector['config']['source']['uri'],
  ): Promise<string> {
    return this.options.secrets.resolve(value, secretContext(connector.id, field));
  }
}

/** What every runner of a worker shares. */
export interface RunnerDependencies {
  readonly opener: SessionOpener;
  readonly jobs: JobStore;
  readonly generations: GenerationStore;
  readonly partitions: PartitionStore;
  readonly events: EventSink;
  readonly clock: Clock;
}
