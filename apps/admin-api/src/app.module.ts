import {
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { ConfigEntries, ConnectorStore } from '@lockstep/config-store';
import type { PartitionState } from '@lockstep/contracts';
import { systemClock } from '@lockstep/core';
import { createElasticClient, DocumentStore, type ElasticClient, stateAlias } from '@lockstep/elastic';
import { DeadLetterStore, OriginalIdStore } from '@lockstep/elastic-sink';
import { GenerationStore, JobStore, PartitionStore, WorkerDirectory } from '@lockstep/jobs';
import { type Logger, Metrics } from '@lockstep/observability';
import type { Settings } from '@lockstep/settings';
import { AuditTrail } from './audit/audit-trail.js';
import { ConfigController } from './config/config.controller.js';
import { ConnectorActionsController } from './connectors/connector-actions.controller.js';
import { ConnectorActions } from './connectors/connector-actions.js';
import { ConnectorReader } from './connectors/connector-reader.js';
import { ConnectorRemoval } from './connectors/connector-removal.js';
import { ConnectorsController } from './connectors/connectors.controller.js';
import { OwnedIndices } from './connectors/owned-indices.js';
import { DeadLetterActionsController } from './dead-letters/dead-letter-actions.controller.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { LetterFinder } from './dead-letters/letter-finder.js';
import { QuarantineGauge } from './connectors/quarantine-gauge.js';
import { OpenLetterGauge } from './dead-letters/open-letter-gauge.js';
import { GenerationReader } from './generations/generation-reader.js';
import { GenerationsController } from './generations/generations.controller.js';
import { EventHub } from './events/event-hub.js';
import { EventsController } from './events/events.controller.js';
import { SnapshotReader } from './events/snapshot-reader.js';
import { API_LIMITS } from './http/api-limits.js';
import { IdempotencyStore } from './http/idempotency-store.js';
import { JobCancellation } from './jobs/job-cancellation.js';
import { JobsController } from './jobs/jobs.controller.js';
import { KeySource } from './keys/key-source.js';
import { KeysController } from './keys/keys.controller.js';
import { PositionOverride } from './positions/position-override.js';
import { PositionsController } from './positions/positions.controller.js';
import { StateBootstrap } from './state/state-bootstrap.js';
import { StateReadyGuard } from './state/state-ready.guard.js';
import { HealthController } from './system/health.controller.js';
import { Health } from './system/health.js';
import { MetricsController } from './system/metrics.controller.js';
import { SystemController } from './system/system.controller.js';
import { ELASTIC_CLIENT, LOGGER, SETTINGS } from './tokens.js';
import { LiveDocuments } from './workers/live-documents.js';
import { WorkersController } from './workers/workers.controller.js';

export interface AppParts {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly keys: KeySource;
}

const EVENTS = { pollIntervalMs: 700, heartbeatMs: 5_000, lingerMs: 15_000, history: API_LIMITS.eventHistory };

/** Stores of our own state, all on one client and one prefix. */
function storeProviders(settings: Settings): Provider[] {
  const prefix = settings.indexPrefix;
  const onClient = (
    provide: Provider & (new (...args: never[]) => unknown),
    make: (client: ElasticClient) => unknown,
  ): Provider => ({
    provide,
    inject: [ELASTIC_CLIENT],
    useFactory: make,
  });
  return [
    {
      provide: ELASTIC_CLIENT,
      useFactory: () =>
        createElasticClient({ ...settings.elasticsearch, requestTimeoutMs: API_LIMITS.stateRequestTimeoutMs }),
    },
    onClient(ConnectorStore, (client) => new ConnectorStore(client, prefix)),
    onClient(DeadLetterStore, (client) => new DeadLetterStore(client, prefix)),
    onClient(OriginalIdStore, (client) => new OriginalIdStore({ client, prefix })),
    onClient(JobStore, (client) => new JobStore(client, prefix)),
    onClient(PartitionStore, (client) => new PartitionStore(client, prefix)),
    onClient(GenerationStore, (client) => new GenerationStore(client, prefix)),
    onClient(LiveDocuments, (client) => new LiveDocuments(new DocumentStore(client, stateAlias(prefix, 'workers')))),
    onClient(WorkerDirectory, (client) => new WorkerDirectory(client, prefix, systemClock, settings.leaseTtlMs)),
    onClient(
      IdempotencyStore,
      (client) => new IdempotencyStore(new DocumentStore(client, stateAlias(prefix, 'audit'))),
    ),
    onClient(AuditTrail, (client) => new AuditTrail(new DocumentStore(client, stateAlias(prefix, 'audit')))),
    {
      provide: ConfigEntries,
      inject: [ELASTIC_CLIENT, KeySource],
      useFactory: (client: ElasticClient, keys: KeySource) =>
        new ConfigEntries(client, prefix, keys.isPresent ? keys.sealer() : null),
    },
    {
      provide: ConnectorReader,
      inject: [ELASTIC_CLIENT, ConnectorStore, PartitionStore, GenerationStore, WorkerDirectory, DeadLetterStore],
      useFactory: (
        client: ElasticClient,
        ...[connectors, partitions, generations, directory, deadLetters]: [
          ConnectorStore,
          PartitionStore,
          GenerationStore,
          WorkerDirectory,
          DeadLetterStore,
        ]
      ) => {
        const documents = new DocumentStore<PartitionState>(client, stateAlias(prefix, 'state'));
        return new ConnectorReader(connectors, partitions, documents, generations, directory, deadLetters);
      },
    },
  ];
}

/** What the controllers work with. */
function serviceProviders({ settings, logger }: AppParts): Provider[] {
  return [
    {
      provide: StateBootstrap,
      inject: [ELASTIC_CLIENT],
      useFactory: (client: ElasticClient) => new StateBootstrap(client, settings.indexPrefix, logger),
    },
    {
      provide: Health,
      inject: [ELASTIC_CLIENT, StateBootstrap, KeySource],
      useFactory: (client: ElasticClient, bootstrap: StateBootstrap, keys: KeySource) =>
        new Health(client, bootstrap, keys),
    },
    {
      provide: OwnedIndices,
      inject: [ELASTIC_CLIENT, StateBootstrap],
      useFactory: (client: ElasticClient, bootstrap: StateBootstrap) => new OwnedIndices(client, bootstrap),
    },
    {
      provide: GenerationReader,
      inject: [ELASTIC_CLIENT, PartitionStore],
      useFactory: (client: ElasticClient, partitions: PartitionStore) => new GenerationReader(client, partitions),
    },
    {
      provide: ConnectorRemoval,
      inject: [
        ConnectorStore,
        JobStore,
        PartitionStore,
        GenerationStore,
        WorkerDirectory,
        OwnedIndices,
        DeadLetterStore,
        OriginalIdStore,
      ],
      useFactory: (
        ...[connectors, jobs, partitions, generations, directory, indices, deadLetters, originalIds]: [
          ConnectorStore,
          JobStore,
          PartitionStore,
          GenerationStore,
          WorkerDirectory,
          OwnedIndices,
          DeadLetterStore,
          OriginalIdStore,
        ]
      ) =>
        new ConnectorRemoval({
          connectors,
          jobs,
          partitions,
          generations,
          directory,
          indices,
          deadLetters,
          originalIds,
        }),
    },
    {
      provide: EventHub,
      inject: [SnapshotReader],
      useFactory: (reader: SnapshotReader) => new EventHub({ ...EVENTS, logger, read: () => reader.read() }),
    },
    ConnectorActions,
    JobCancellation,
    LetterFinder,
    OpenLetterGauge,
    QuarantineGauge,
    PositionOverride,
    SnapshotReader,
    StateReadyGuard,
  ];
}

/** The composition root: the only place that knows which parts the API is made of. */
@Module({})
export class AppModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly bootstrap: StateBootstrap) {}

  static of(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        KeysController,
        ConfigController,
        ConnectorsController,
        ConnectorActionsController,
        GenerationsController,
        PositionsController,
        DeadLettersController,
        DeadLetterActionsController,
        JobsController,
        WorkersController,
        EventsController,
        SystemController,
        HealthController,
        MetricsController,
      ],
      providers: [
        { provide: SETTINGS, useValue: parts.settings },
        { provide: LOGGER, useValue: parts.logger },
        { provide: KeySource, useValue: parts.keys },
        { provide: Metrics, useFactory: () => new Metrics() },
        ...storeProviders(parts.settings),
        ...serviceProviders(parts),
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.bootstrap.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bootstrap.stop();
  }
}
