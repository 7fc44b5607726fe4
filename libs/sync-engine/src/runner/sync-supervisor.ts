import { asLockstepError, hasCode, sleep, type Clock } from '@lockstep/core';
import type { Connector, EventSink, Job, PartitionKey } from '@lockstep/contracts';
import type { ConnectorStore } from '@lockstep/config-store';
import type { JobPage, JobStore, LeaseClaimer, PartitionStore } from '@lockstep/jobs';
import { DEFAULT_ENGINE_SETTINGS, type EngineSettings } from '../partition/engine-settings.js';
import { ConnectorRunner, type StopReason } from './connector-runner.js';
import type { SessionOpener } from './session-opener.js';

export interface SyncSupervisorOptions {
  readonly connectors: ConnectorStore;
  readonly jobs: JobStore;
  readonly partitions: PartitionStore;
  readonly claimer: LeaseClaimer;
  readonly opener: SessionOpener;
  readonly events: EventSink;
  readonly clock: Clock;
  /** Time between two looks at what is wanted, milliseconds. */
  readonly pollIntervalMs: number;
  readonly settings?: Partial<EngineSettings>;
}

/** How long a job may wait for its connector to be wished running, milliseconds. */
const PENDING_GRACE_MS = 30_000;

/**
 * Brings what runs in this worker in line with what is wanted: claims the leases of connectors that are to
 * run, stops those that are not, hands new jobs and cancellations on. One connector's trouble is its own.
 */
export class SyncSupervisor {
  private readonly runners = new Map<string, ConnectorRunner>();
  private readonly stopping = new Map<string, Promise<void>>();
  private readonly abort = new AbortController();
  private polling: Promise<void> | null = null;
  private polledAtMs = 0;
  private wanted: ReadonlyMap<string, Connector> = new Map();

  constructor(private readonly options: SyncSupervisorOptions) {}

  start(): void {
    this.polledAtMs = this.options.clock.monotonicMs();
    this.polling ??= this.poll();
  }

  /** Milliseconds since the last look at what is wanted; grows when the worker hangs. */
  pollAgeMs(): number {
    return this.options.clock.monotonicMs() - this.polledAtMs;
  }

  /** Stops claiming, then every runner; their leases are given back. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.polling;
    await Promise.all([...this.runners.keys()].map((id) => this.stopRunner(id, 'released')));
    await Promise.all(this.stopping.values());
  }

  /** One connector's trouble is its own; the next look tries again. */
  private async isolated(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.options.events.emit({ type: 'supervisor.failed', code: asLockstepError(error).code });
    }
  }

  private async poll(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      this.polledAtMs = this.options.clock.monotonicMs();
      try {
        await this.reconcile();
      } catch (error) {
        // Without the state store nothing can be claimed; leases fence themselves meanwhile.
        this.options.events.emit({ type: 'supervisor.failed', code: asLockstepError(error).code });
      }
      await sleep(this.options.pollIntervalMs, signal).catch(() => undefined);
    }
  }

  private async reconcile(): Promise<void> {
    const wanted = new Map(
      (await this.options.connectors.listRunnable()).map((connector) => [connector.id, connector]),
    );
    this.wanted = wanted;
    this.forgetFinished();
    for (const [id, runner] of this.runners) {
      const connector = wanted.get(id);
      const reason = await this.reasonToStop(runner, connector);
      if (reason !== null) this.beginStop(id, reason);
    }
    for (const connector of wanted.values()) {
      if (this.abort.signal.aborted) return;
      if (this.runners.has(connector.id) || this.stopping.has(connector.id)) continue;
      await this.isolated(() => this.claim(connector));
    }
    await this.handOn();
  }

  /** A search can lag behind a write: before a runner is stopped for good, the connector itself is read. */
  private async reasonToStop(runner: ConnectorRunner, listed: Connector | undefined): Promise<StopReason | null> {
    if (listed?.desiredState === 'running' && listed.revision === runner.connector.revision) return null;
    const current = await this.find(runner.connector.id);
    if (current === undefined || current.desiredState === 'stopped') return 'stopped';
    if (current.desiredState === 'paused') return 'paused';
    return current.revision === runner.connector.revision ? null : 'released';
  }

  private async claim(listed: Connector): Promise<void> {
    const { partitions, connectors } = this.options;
    if (listed.desiredState === 'paused') {
      const state = await partitions.get(partitionOf(listed.id));
      if (state === undefined || state.observedState === 'paused') return;
    }
    const connector = await connectors.get(listed.id);
    if (connector.desiredState !== 'stopped') {
      await this.run(connector, connector.desiredState === 'paused' ? 'paused' : null);
    }
  }

  /** @param stopAs set when the lease is only taken to settle what a worker that is gone left behind */
  private async run(connector: Connector, stopAs: StopReason | null): Promise<void> {
    const { partitions, claimer, settings, jobs, opener, events, clock } = this.options;
    const key = partitionOf(connector.id);
    await partitions.ensure(key);
    const lease = await partitions.claim(key, claimer);
    if (lease === null) return;
    const runner = new ConnectorRunner({
      connector,
      lease,
      jobs,
      opener,
      events,
      clock,
      settings: { ...DEFAULT_ENGINE_SETTINGS, ...settings },
    });
    this.runners.set(connector.id, runner);
    if (stopAs !== null) runner.requestStop(stopAs);
    runner.start();
  }

  /** New jobs and cancellations go to whoever works on their connector; leftovers of stopped ones are settled. */
  private async handOn(): Promise<void> {
    let pageToken: string | null = null;
    do {
      const page: JobPage = await this.options.jobs.list({
        state: ['pending', 'running', 'paused', 'canceling'],
        pageSize: 200,
        ...(pageToken === null ? {} : { pageToken }),
      });
      for (const job of page.items) await this.isolated(() => this.handOnJob(job));
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
  }

  private async handOnJob(job: Job): Promise<void> {
    const { connectors, jobs } = this.options;
    const runner = this.runners.get(job.connectorId);
    if (runner !== undefined) {
      if (job.state === 'pending') runner.offer(job);
      if (job.state === 'canceling' && !runner.cancel(job.id) && (await this.isCanceling(job.id))) {
        await connectors.setDesiredState(job.connectorId, 'stopped');
      }
      return;
    }
    if (this.wanted.get(job.connectorId)?.desiredState === 'running' || this.stopping.has(job.connectorId)) return;
    const connector = await this.find(job.connectorId);
    if (connector === undefined) {
      const canceled = await jobs.command(job.id, { kind: 'cancel' });
      if (canceled.state === 'canceling') await jobs.command(job.id, { kind: 'canceled' });
      return;
    }
    if (job.state === 'canceling' && connector.desiredState !== 'stopped' && (await this.isCanceling(job.id))) {
      await connectors.setDesiredState(job.connectorId, 'stopped');
    }
    if (connector.desiredState !== 'stopped') return;
    if (job.state !== 'pending') return this.run(connector, 'stopped');
    // A start creates its job before it wishes the connector running: a young job is left alone.
    const ageMs = this.options.clock.nowMs() - Date.parse(job.createdAt);
    if (ageMs > PENDING_GRACE_MS) await jobs.command(job.id, { kind: 'cancel' });
  }

  /** A search can show a job as it was before its cancellation ended: before a connector is stopped, it is read. */
  private async isCanceling(jobId: string): Promise<boolean> {
    return (await this.options.jobs.get(jobId)).state === 'canceling';
  }

  private async find(id: string): Promise<Connector | undefined> {
    try {
      return await this.options.connectors.get(id);
    } catch (error) {
      if (hasCode(error, 'CONNECTOR_UNKNOWN')) return undefined;
      throw error;
    }
  }

  private forgetFinished(): void {
    for (const [id, runner] of this.runners) if (runner.isOver) this.runners.delete(id);
  }

  private beginStop(id: string, reason: StopReason): void {
    const stopped = this.stopRunner(id, reason).finally(() => this.stopping.delete(id));
    this.stopping.set(id, stopped);
  }

  private async stopRunner(id: string, reason: StopReason): Promise<void> {
    const runner = this.runners.get(id);
    await runner?.stop(reason);
    if (this.runners.get(id) === runner) this.runners.delete(id);
  }
}

/** Until a connector is split, it has one generation with one partition. */
function partitionOf(connectorId: string): PartitionKey {
  return { connectorId, generation: 1, partition: 0 };
}
