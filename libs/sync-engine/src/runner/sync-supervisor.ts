import { asLockstepError, hasCode, sleep, type Clock } from '@lockstep/core';
import type { Connector, EventSink, Generation, PartitionKey, PartitionState } from '@lockstep/contracts';
import type { ConnectorStore } from '@lockstep/config-store';
import type { DeadLetterStore } from '@lockstep/elastic-sink';
import {
  isArriving,
  isTerminal,
  partitionId,
  type GenerationPlan,
  type GenerationStore,
  type JobStore,
  type LeaseClaimer,
  type PartitionStore,
  type WorkerDirectory,
} from '@lockstep/jobs';
import { DEFAULT_ENGINE_SETTINGS, type EngineSettings } from '../partition/engine-settings.js';
import { ConnectorRunner } from './connector-runner.js';
import type { StopReason } from './partition-role.js';
import { activeGenerations, isSameRole, leadPartition } from './generation-roles.js';
import { GenerationRemoval } from './generation-removal.js';
import { JobDesk } from './job-desk.js';
import { PartitionKeys } from './partition-keys.js';
import type { SessionOpener } from './session-opener.js';
import { ShareKeeper } from '../shares/share-keeper.js';
import { TrialBench } from '../quarantine/trial-bench.js';

export interface SyncSupervisorOptions {
  readonly connectors: ConnectorStore;
  readonly jobs: JobStore;
  readonly generations: GenerationStore;
  readonly partitions: PartitionStore;
  readonly deadLetters: DeadLetterStore;
  readonly claimer: LeaseClaimer;
  /** Who else works: the partitions are spread evenly. */
  readonly directory: Pick<WorkerDirectory, 'list'>;
  readonly opener: SessionOpener;
  readonly events: EventSink;
  readonly clock: Clock;
  /** Time between two looks at what is wanted, milliseconds. */
  readonly pollIntervalMs: number;
  readonly settings?: Partial<EngineSettings>;
}

/**
 * Brings what runs in this worker in line with what is wanted: claims the leases of connectors that are to
 * run, stops those that are not, hands new jobs and cancellations on. One connector's trouble is its own.
 */
export class SyncSupervisor {
  /** By partition. */
  private readonly runners = new Map<string, ConnectorRunner>();
  private readonly stopping = new Map<string, Promise<void>>();
  private readonly removals = new Map<string, Promise<void>>();
  private readonly removal: GenerationRemoval;
  private readonly desk: JobDesk;
  private readonly shares: ShareKeeper;
  private readonly trials: TrialBench;
  private readonly settings: EngineSettings;
  private readonly abort = new AbortController();
  private polling: Promise<void> | null = null;
  private polledAtMs = 0;
  private wanted: ReadonlyMap<string, Connector> = new Map();
  private keys = new PartitionKeys(new Map());

  constructor(private readonly options: SyncSupervisorOptions) {
    this.removal = new GenerationRemoval(options);
    const { directory, claimer, clock } = options;
    this.settings = { ...DEFAULT_ENGINE_SETTINGS, ...options.settings };
    const { quarantineAfter: after, quarantineTrialMs: trialMs } = this.settings;
    this.trials = new TrialBench({ after, trialMs }, clock);
    this.shares = new ShareKeeper({ directory, workerId: () => claimer.guard.holder.workerId, clock });
    this.desk = new JobDesk(options, {
      runnerOf: (connectorId) => this.servingRunner(connectorId),
      isElsewhere: (connectorId) =>
        this.wanted.get(connectorId)?.desiredState === 'running' || this.isStopping(connectorId),
      settle: (connector) => this.settleStopped(connector),
    });
  }

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
    await Promise.all([...this.runners.keys()].map((partition) => this.stopRunner(partition, 'released')));
    await Promise.all([...this.stopping.values(), ...this.removals.values()]);
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
    const { connectors, generations, partitions } = this.options;
    const runnable = await connectors.listRunnable();
    this.wanted = new Map(runnable.map((connector) => [connector.id, connector]));
    const plans = await generations.list([...this.wanted.keys()]);
    this.keys = new PartitionKeys(await partitions.listCounts());
    this.forgetFinished();
    await this.isolated(() => this.trials.look());
    for (const [partition, runner] of this.runners) {
      const reason = await this.reasonToStop(runner, plans.get(runner.connector.id));
      if (reason !== null) this.beginStop(partition, reason);
    }
    const wanted = this.keys.wanted(runnable, plans);
    await this.shares.look([...this.runners.keys()].filter((partition) => wanted.has(partition)).length, wanted);
    for (const partition of this.cheapest(this.shares.due())) this.beginStop(partition, 'released');
    for (const connector of runnable) {
      for (const generation of activeGenerations(plans.get(connector.id))) {
        if (this.abort.signal.aborted) return;
        for (const key of this.keys.active(connector.id, generation)) {
          if (!this.isBusy(partitionId(key))) await this.isolated(() => this.claim(connector, key));
        }
      }
    }
    await this.desk.look((work) => this.isolated(work));
  }

  private isBusy(partition: string): boolean {
    return this.runners.has(partition) || this.stopping.has(partition) || this.removals.has(partition);
  }

  /** A search can lag behind a write: before a runner is stopped for good, what decides is read as of now. */
  private async reasonToStop(runner: ConnectorRunner, listed: GenerationPlan | undefined): Promise<StopReason | null> {
    const { id, revision } = runner.connector;
    const wanted = this.wanted.get(id);
    const isAsWanted = wanted?.desiredState === 'running' && wanted.revision === revision;
    if (!this.keys.has(runner.key)) return 'retired';
    if (isAsWanted && isSameRole(runner.generation, activeGenerations(listed))) return null;
    const current = await this.find(id);
    if (current === undefined || current.desiredState === 'stopped') return 'stopped';
    const active = activeGenerations(await this.options.generations.get(id));
    if (!active.some(({ number, state }) => number === runner.generation.number && state !== 'discarding')) {
      return 'retired';
    }
    if (current.desiredState === 'paused') return 'paused';
    return current.revision === revision && isSameRole(runner.generation, active) ? null : 'released';
  }

  private async claim(listed: Connector, key: PartitionKey): Promise<void> {
    const { partitions, connectors, generations } = this.options;
    const plan = await generations.get(listed.id);
    const generation = activeGenerations(plan).find(({ number }) => number === key.generation);
    if (generation === undefined) return;
    if (generation.state === 'discarding') return this.remove(listed, generation);
    if (await this.isAbandoned(listed, generation)) return;
    if (listed.desiredState === 'paused') {
      const state = await partitions.get(key);
      if (state === undefined || state.observedState === 'paused') return;
    }
    const connector = await connectors.get(listed.id);
    if (connector.desiredState === 'stopped') return;
    await this.run({ connector, generation, key }, connector.desiredState === 'paused' ? 'paused' : null);
  }

  /** A generation on its way to serve whose job has ended without it: nobody waits for it any more. */
  private async isAbandoned(connector: Connector, generation: Generation): Promise<boolean> {
    const { jobs, generations } = this.options;
    if (!isArriving(generation) || generation.state === 'switching' || generation.jobId === null) return false;
    try {
      if (!isTerminal((await jobs.get(generation.jobId)).state)) return false;
    } catch (error) {
      if (!hasCode(error, 'JOB_UNKNOWN')) throw error;
    }
    await generations.abandon(connector.id, generation);
    return true;
  }

  /** @param stopAs set when the lease is only taken to settle what a worker that is gone left behind */
  private async run({ connector, generation, key }: Claim, stopAs: StopReason | null): Promise<void> {
    const { partitions, generations, claimer, jobs, opener, events, clock } = this.options;
    const isOurTurn = (): Promise<boolean> =>
      this.shares.mayClaim(partitionId(key), () => partitions.isFree(key, claimer));
    if (stopAs === null && !(await isOurTurn())) return;
    const isAdmitted = (state: PartitionState): boolean => stopAs !== null || this.trials.admits(state);
    const lease = await partitions.claim(key, claimer, isAdmitted);
    if (lease === null) return;
    const heldBack = stopAs === null ? this.trials.begin(lease) : null;
    if (stopAs === null && heldBack === null) this.shares.claimed(lease.partition);
    const runner = new ConnectorRunner({
      connector,
      generation,
      lease,
      jobs,
      generations,
      partitions,
      opener,
      events,
      clock,
      settings: this.settings,
      heldBack,
    });
    this.runners.set(lease.partition, runner);
    if (stopAs !== null) runner.requestStop(stopAs);
    runner.start();
  }

  /** Nobody may write to a generation while it is removed. */
  private async remove(connector: Connector, generation: Generation): Promise<void> {
    const leases = await this.removal.claim(this.keys.all(leadPartition(connector.id, generation.number)));
    if (leases === null) return;
    const [{ partition }] = leases;
    const removing = this.isolated(() => this.removal.remove({ connector, generation, leases })).finally(() =>
      this.removals.delete(partition),
    );
    this.removals.set(partition, removing);
  }

  /** Jobs that a worker which is gone left behind in a connector that was stopped since. */
  private async settleStopped(connector: Connector): Promise<void> {
    for (const generation of activeGenerations(await this.options.generations.get(connector.id))) {
      if (generation.state === 'discarding') continue;
      for (const key of this.keys.all(leadPartition(connector.id, generation.number))) {
        if (!this.isBusy(partitionId(key))) await this.run({ connector, generation, key }, 'stopped');
      }
    }
  }

  /** So many of what is held, those first that lose least by going elsewhere. */
  private cheapest(count: number): readonly string[] {
    const held = [...this.runners].filter(([partition]) => !this.stopping.has(partition));
    return held
      .sort(([, a], [, b]) => Number(a.isScanning) - Number(b.isScanning))
      .slice(0, count)
      .map(([partition]) => partition);
  }

  private isStopping(connectorId: string): boolean {
    return [...this.stopping.keys()].some((partition) => this.runners.get(partition)?.connector.id === connectorId);
  }

  private servingRunner(connectorId: string): ConnectorRunner | undefined {
    return [...this.runners.values()].find(
      ({ connector, generation, isLead }) => isLead && connector.id === connectorId && generation.state === 'serving',
    );
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
    for (const [partition, runner] of this.runners) if (runner.isOver) this.runners.delete(partition);
  }

  private beginStop(partition: string, reason: StopReason): void {
    const stopped = this.stopRunner(partition, reason).finally(() => this.stopping.delete(partition));
    this.stopping.set(partition, stopped);
  }

  private async stopRunner(partition: string, reason: StopReason): Promise<void> {
    const runner = this.runners.get(partition);
    await runner?.stop(reason);
    if (this.runners.get(partition) === runner) this.runners.delete(partition);
  }
}

/** Whose lease is asked for. */
interface Claim {
  readonly connector: Connector;
  readonly generation: Generation;
  readonly key: PartitionKey;
}
