import { asLockstepError, backoffDelayMs, hasCode, LockstepError, sleep, systemClock } from '@lockstep/core';
import { ConfigEntries, ConnectorStore, SecretResolver } from '@lockstep/config-store';
import { bootstrapStateIndices, createElasticClient, type ElasticClient } from '@lockstep/elastic';
import { DeadLetterRetention, DeadLetterStore } from '@lockstep/elastic-sink';
import {
  AuditRetention,
  GenerationStore,
  HolderObserver,
  JobRetention,
  JobStore,
  LivePublisher,
  PartitionStore,
  WorkerDirectory,
  WorkerHeartbeatService,
} from '@lockstep/jobs';
import { DomainEventBus, HealthRegister, logSubscriber, Metrics, type Logger } from '@lockstep/observability';
import { SecretOpener } from '@lockstep/sealed-secrets';
import type { Settings } from '@lockstep/settings';
import { SessionOpener, SyncSupervisor } from '@lockstep/sync-engine';
import { Housekeeping } from './housekeeping.js';
import { WORKER_VERSION } from './worker-version.js';

const STARTUP_BACKOFF = { baseMs: 500, maxMs: 10_000 };

/** A poll that has not come round for so long means that the worker hangs, milliseconds. */
const STALLED_AFTER_MS = 120_000;

/** The parts of a running worker, in the order in which they start. */
interface RunningParts {
  readonly heartbeat: WorkerHeartbeatService;
  readonly live: LivePublisher;
  readonly supervisor: SyncSupervisor;
  readonly housekeeping: Housekeeping;
}

/**
 * The composition of a worker: binds the engine to its stores, starts and stops it in order. Waits for
 * Elasticsearch at start as long as it takes.
 */
export class Worker {
  readonly metrics = new Metrics();
  readonly health = new HealthRegister();
  private readonly bus = new DomainEventBus();
  private readonly client: ElasticClient;
  private readonly abort = new AbortController();
  private parts: RunningParts | null = null;
  private starting: Promise<void> | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly logger: Logger,
  ) {
    this.client = createElasticClient({
      ...settings.elasticsearch,
      requestTimeoutMs: settings.worker.elasticsearchTimeoutMs,
    });
  }

  /** @throws LockstepError KEY_MISSING when the private keys cannot be read; everything else is waited for */
  async start(): Promise<void> {
    const secrets = await this.openSecrets();
    this.bus.subscribe(logSubscriber(this.logger));
    this.bus.subscribe(this.metrics.subscriber());
    this.health.addLiveness('supervisor', () => this.checkSupervisor());
    this.health.addReadiness('lease-store', () => this.checkHeartbeat());
    this.starting ??= this.run(secrets).catch((error: unknown) => {
      // Told to stop before it had begun: what has been made so far is still taken down in order.
      if (!this.abort.signal.aborted || !hasCode(error, 'JOB_ABORTED')) throw error;
    });
  }

  /** Stops claiming, drains what is in flight, saves checkpoints, gives leases back, in that order. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.starting;
    const { parts } = this;
    if (parts !== null) {
      this.bus.emit({ type: 'worker.stopping', workerId: parts.heartbeat.holder.workerId, reason: 'signal' });
      await this.withinGrace(parts.supervisor.stop());
      await parts.housekeeping.stop();
      await parts.live.stop();
      await parts.heartbeat.stop();
    }
    await this.client.close();
  }

  private async run(secrets: SecretResolver): Promise<void> {
    const { settings, client, bus } = this;
    const installationId = await this.awaitStateStore();
    if (installationId === null) return;
    const { indexPrefix: prefix, leaseTtlMs, worker } = settings;
    const heartbeat = new WorkerHeartbeatService({
      client,
      prefix,
      version: WORKER_VERSION,
      events: bus,
      intervalMs: worker.heartbeatIntervalMs,
      ttlMs: leaseTtlMs,
      ...(worker.id === undefined ? {} : { workerId: worker.id }),
    });
    const live = new LivePublisher({ client, prefix, worker: heartbeat, events: bus });
    this.bus.subscribe(live.subscriber());
    const jobs = new JobStore(client, prefix);
    const generations = new GenerationStore(client, prefix);
    const directory = new WorkerDirectory(client, prefix, systemClock, leaseTtlMs);
    const connectors = new ConnectorStore(client, prefix);
    const supervisor = new SyncSupervisor({
      connectors,
      jobs,
      generations,
      partitions: new PartitionStore(client, prefix),
      deadLetters: new DeadLetterStore(client, prefix),
      claimer: {
        guard: heartbeat,
        observer: new HolderObserver({ client, prefix, ttlMs: leaseTtlMs }),
        events: bus,
      },
      directory,
      opener: new SessionOpener({
        stateClient: client,
        requestTimeoutMs: worker.elasticsearchTimeoutMs,
        prefix,
        installationId,
        connectorName: (id) => connectors.nameOf(id),
        secrets,
        events: bus,
      }),
      events: bus,
      clock: systemClock,
      pollIntervalMs: worker.pollIntervalMs,
      settings: {
        scanTurnMs: worker.scanTurnMs,
        streamStallMs: worker.streamStallMs,
        quarantineAfter: worker.quarantineAfter,
        quarantineTrialMs: worker.quarantineTrialMs,
      },
    });
    const housekeeping = new Housekeeping({
      directory,
      jobs: new JobRetention(client, prefix),
      deadLetters: new DeadLetterRetention(client, prefix),
      audit: new AuditRetention(client, prefix),
      generations,
      generationRetentionMs: worker.generationRetentionMs,
      events: bus,
      historyRetentionMs: worker.historyRetentionMs,
    });
    this.parts = { heartbeat, live, supervisor, housekeeping };
    await heartbeat.start(this.abort.signal);
    live.start(this.abort.signal);
    supervisor.start();
    housekeeping.start();
    bus.emit({ type: 'worker.started', workerId: heartbeat.holder.workerId, version: WORKER_VERSION });
  }

  private async openSecrets(): Promise<SecretResolver> {
    const { privateKeysDir, indexPrefix } = this.settings;
    if (privateKeysDir === undefined) throw new LockstepError('KEY_MISSING');
    const opener = await SecretOpener.load(privateKeysDir);
    return new SecretResolver(new ConfigEntries(this.client, indexPrefix, null), opener);
  }

  /** @returns the installation id; null when stopped meanwhile */
  private async awaitStateStore(): Promise<string | null> {
    for (let attempt = 1; !this.abort.signal.aborted; attempt += 1) {
      try {
        const { installationId } = await bootstrapStateIndices(
          this.client,
          this.settings.indexPrefix,
          this.abort.signal,
        );
        return installationId;
      } catch (error) {
        const known = asLockstepError(error);
        if (!isWaitedFor(known)) throw known;
        this.logger.warn(
          { event: 'worker.waiting', errCode: known.code },
          `waiting for Elasticsearch: ${known.message}`,
        );
        await sleep(backoffDelayMs(attempt, STARTUP_BACKOFF), this.abort.signal).catch(() => undefined);
      }
    }
    return null;
  }

  private checkSupervisor(): { isHealthy: boolean; detail: string } {
    const ageMs = this.parts?.supervisor.pollAgeMs() ?? 0;
    return { isHealthy: ageMs < STALLED_AFTER_MS, detail: `last look at the work ${Math.round(ageMs / 1_000)} s ago` };
  }

  private checkHeartbeat(): { isHealthy: boolean; detail: string } {
    if (this.parts === null || this.abort.signal.aborted) return { isHealthy: false, detail: 'not started' };
    const isHealthy = this.parts.heartbeat.isFresh();
    return { isHealthy, detail: isHealthy ? 'heartbeat acknowledged' : 'heartbeat is not acknowledged' };
  }

  private async withinGrace(stopping: Promise<void>): Promise<void> {
    const grace = new AbortController();
    const timeout = sleep(this.settings.worker.shutdownGraceMs, grace.signal).catch(() => undefined);
    await Promise.race([stopping, timeout]);
    grace.abort();
  }
}

/** What passes by itself, and credentials: they are mended on the other side, without a restart of ours. */
function isWaitedFor({ code, definition }: LockstepError): boolean {
  if (code === 'SINK_AUTH_FAILED' || code === 'SINK_PERMISSION_MISSING') return true;
  return definition.retry === 'transient' || definition.retry === 'throttled';
}
